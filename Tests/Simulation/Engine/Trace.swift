/// What happened in a run: its hash always, so that two runs can be compared; its text when asked.
package final class Trace {
  package private(set) var hash: UInt64 = 0xCBF2_9CE4_8422_2325
  private let print: ((String) -> Void)?

  package init(print: ((String) -> Void)? = nil) {
    self.print = print
  }

  func mix(_ number: Int) {
    hash = (hash ^ UInt64(truncatingIfNeeded: number)) &* 0x0000_0100_0000_01B3
    hash ^= hash >> 29
  }

  func mix(_ text: String) {
    for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
  }

  func note(_ time: Int, _ who: String, _ text: @autoclosure () -> String) {
    guard let print else { return }
    let (seconds, micros) = time.quotientAndRemainder(dividingBy: 1_000_000)
    let digits = String(micros)
    print("\(seconds).\(String(repeating: "0", count: 6 - digits.count))\(digits)  \(who.padded(10))  \(text())")
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - utf8.count))
  }
}
