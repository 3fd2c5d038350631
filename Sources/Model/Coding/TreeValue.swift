/// A value in a ``JSONTree`` that is neither an object nor a list.
struct TreeValue: SingleValueEncodingContainer {
  let tree: JSONTree
  let node: Int

  var codingPath: [any CodingKey] { [] }

  func encodeNil() { tree.putNull(at: node) }
  func encode(_ value: Bool) { tree.put(value, at: node) }
  func encode(_ value: Int) { tree.put(value, at: node) }
  func encode(_ value: Int64) { tree.put(Int(value), at: node) }
  func encode(_ value: String) { tree.put(value, at: node) }

  func encode<Value: Encodable>(_ value: Value) throws {
    if let number = value as? any BinaryInteger {
      if let number = Int(exactly: number) { return tree.put(number, at: node) }
      return tree.beUnusual()
    }
    // How these are written is not for us to say.
    if value is any BinaryFloatingPoint { return tree.beUnusual() }
    try tree.put(value, at: node)
  }
}
