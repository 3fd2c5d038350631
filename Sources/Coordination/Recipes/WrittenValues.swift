import Model

/// Values that this process has written lately, with the bytes that they became: who finds the very same bytes need not decode
/// them.
struct WrittenValues<Value: Sendable>: Sendable {
  private var values: [NodePath: (bytes: [UInt8], value: Value)] = [:]

  /// Beyond so many all are forgotten: most are never asked for, as somebody else reads them.
  private static var most: Int { 1_000 }
  /// In bytes. What is larger is rare, and would be most of what this takes.
  private static var largest: Int { 4 * 1024 }

  mutating func note(_ value: Value, as bytes: [UInt8], at path: NodePath) {
    guard bytes.count <= Self.largest else { return forget(path) }
    if values.count >= Self.most { values.removeAll(keepingCapacity: true) }
    values[path] = (bytes, value)
  }

  /// The value that was written there as these bytes; `nil` when others were, or when that is forgotten.
  func value(of bytes: [UInt8], at path: NodePath) -> Value? {
    guard let written = values[path], written.bytes == bytes else { return nil }
    return written.value
  }

  mutating func forget(_ path: NodePath) { values[path] = nil }
}
