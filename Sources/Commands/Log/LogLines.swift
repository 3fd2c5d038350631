/// Cuts a log into lines for machines.
package struct LogLines: Sendable {
  package struct Line: Hashable, Sendable, Encodable {
    /// Without its line break; bytes that are not UTF-8 are replaced.
    package var text: String
  }

  /// Longer lines are cut, so that memory stays bounded.
  package static let mostBytes = 1 << 20

  private var open: [UInt8] = []

  package init() {}

  /// - Returns: the lines that are complete now.
  package mutating func feed(_ bytes: [UInt8]) -> [Line] {
    var lines: [Line] = []
    for byte in bytes {
      if byte != UInt8(ascii: "\n") { open.append(byte) }
      guard byte == UInt8(ascii: "\n") || open.count == Self.mostBytes else { continue }
      lines.append(Line(text: String(decoding: open, as: UTF8.self)))
      open.removeAll(keepingCapacity: true)
    }
    return lines
  }

  /// What follows the last line break.
  package var rest: Line? { open.isEmpty ? nil : Line(text: String(decoding: open, as: UTF8.self)) }
}
