/// Tells one attempt at making something from every other one, wherever it is made.
package enum RequestID {
  /// 128 random bits, in hexadecimal.
  package static func make() -> String { hexadecimal() + hexadecimal() }

  private static func hexadecimal() -> String {
    let digits = String(UInt64.random(in: .min ... .max), radix: 16)
    return String(repeating: "0", count: 16 - digits.utf8.count) + digits
  }
}
