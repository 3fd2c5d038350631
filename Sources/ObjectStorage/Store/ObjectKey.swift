/// Names an object, or an index: components of 1 to 200 bytes of `A-Z a-z 0-9 . _ ~ + = , % -`, none of them `.` or `..`,
/// joined by `/`, 1,000 bytes in all. Other text is escaped into a component with ``escape(_:)``.
package struct ObjectKey: Hashable, Sendable, Comparable, CustomStringConvertible {
  package let string: String

  /// A key that breaks the rule is a mistake in the program: what comes from outside is escaped first.
  package init(_ string: String) {
    precondition(ObjectKey.isKey(string), "not an object key: \(string)")
    self.string = string
  }

  package static func / (key: ObjectKey, component: String) -> ObjectKey { ObjectKey("\(key.string)/\(component)") }

  package var description: String { string }

  package static func < (left: ObjectKey, right: ObjectKey) -> Bool { left.string < right.string }

  /// Any text as one component, or as several when it is longer than one may be; different texts give different
  /// components.
  package static func escape(_ text: String) -> String {
    let hexadecimal = Array("0123456789ABCDEF".utf8)
    var bytes: [UInt8] = []
    for byte in text.utf8 {
      if byte != UInt8(ascii: "%"), byte != UInt8(ascii: "."), isAllowed(byte) {
        bytes.append(byte)
      } else {
        bytes += [UInt8(ascii: "%"), hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]]
      }
    }
    let pieces = stride(from: 0, to: bytes.count, by: 200).map { bytes[$0..<min($0 + 200, bytes.count)] }
    return pieces.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "/")
  }

  private static func isKey(_ text: String) -> Bool {
    text.utf8.count <= 1_000
      && text.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        (1...200).contains($0.utf8.count) && $0 != "." && $0 != ".." && $0.utf8.allSatisfy(isAllowed)
      }
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    case UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "+"), UInt8(ascii: "="),
      UInt8(ascii: ","), UInt8(ascii: "%"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
