/// A transaction as it stands in ZooKeeper's protocol.
package struct MultiRequest: Sendable {
  package struct Operation: Sendable {
    package var verb: String
    package var path: String
  }

  package var operations: [Operation]

  /// Whether it is one by which a session only catches up with the others.
  package var changesNothing: Bool { operations.allSatisfy { $0.verb == "check" } }

  static let opcode: Int32 = 14

  /// - Parameter frame: without its length; `nil` when it is no transaction.
  init?(_ frame: [UInt8]) {
    guard frame.bigEndian(at: 4) == Self.opcode else { return nil }
    operations = []
    var reader = Reader(bytes: frame, position: 8)
    while let header = reader.header(), let operation = reader.operation(header) { operations.append(operation) }
  }

  private struct Reader {
    let bytes: [UInt8]
    var position: Int

    mutating func integer() -> Int32? {
      guard position + 4 <= bytes.count else { return nil }
      defer { position += 4 }
      return bytes.bigEndian(at: position)
    }

    mutating func buffer() -> ArraySlice<UInt8>? {
      guard let count = integer(), position + max(0, Int(count)) <= bytes.count else { return nil }
      defer { position += max(0, Int(count)) }
      return bytes[position..<(position + max(0, Int(count)))]
    }

    mutating func text() -> String? { buffer().map { String(decoding: $0, as: UTF8.self) } }

    /// The kind of the next operation; `nil` at the end.
    mutating func header() -> Int32? {
      guard let kind = integer(), kind >= 0, position + 5 <= bytes.count else { return nil }
      position += 5
      return kind
    }

    mutating func operation(_ kind: Int32) -> Operation? {
      guard let path = text() else { return nil }
      switch kind {
      case 1:
        guard buffer() != nil, let entries = integer() else { return nil }
        for _ in 0..<entries { guard integer() != nil, text() != nil, text() != nil else { return nil } }
        return integer().map { _ in Operation(verb: "create", path: path) }
      case 2: return integer().map { _ in Operation(verb: "delete", path: path) }
      case 5: return buffer().flatMap { _ in integer() }.map { _ in Operation(verb: "write", path: path) }
      case 13: return integer().map { _ in Operation(verb: "check", path: path) }
      default: return nil
      }
    }
  }
}
