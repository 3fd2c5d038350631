/// The elements of a list in a ``JSONTree``.
struct TreeElements: UnkeyedEncodingContainer {
  let tree: JSONTree
  let node: Int

  var codingPath: [any CodingKey] { [] }
  var count: Int { tree.count(at: node) }

  private func add() -> Int { tree.add(to: node) }

  func encodeNil() { tree.putNull(at: add()) }
  func encode(_ value: Bool) { tree.put(value, at: add()) }
  func encode(_ value: Int) { tree.put(value, at: add()) }
  func encode(_ value: String) { tree.put(value, at: add()) }
  func encode<Value: Encodable>(_ value: Value) throws { try tree.put(value, at: add()) }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    TreeEncoder(tree: tree, node: add()).container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer {
    TreeEncoder(tree: tree, node: add()).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    tree.beUnusual()
    return TreeEncoder(tree: tree, node: add())
  }
}
