/// The members of an object in a ``JSONTree``.
struct TreeMembers<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let tree: JSONTree
  let node: Int

  var codingPath: [any CodingKey] { [] }

  private func add(_ key: Key) -> Int { tree.add(key.stringValue, to: node) }

  func encodeNil(forKey key: Key) { tree.putNull(at: add(key)) }
  func encode(_ value: Bool, forKey key: Key) { tree.put(value, at: add(key)) }
  func encode(_ value: Int, forKey key: Key) { tree.put(value, at: add(key)) }
  func encode(_ value: String, forKey key: Key) { tree.put(value, at: add(key)) }
  func encode<Value: Encodable>(_ value: Value, forKey key: Key) throws { try tree.put(value, at: add(key)) }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) -> KeyedEncodingContainer<Nested> {
    TreeEncoder(tree: tree, node: add(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    TreeEncoder(tree: tree, node: add(key)).unkeyedContainer()
  }

  func superEncoder() -> any Encoder {
    tree.beUnusual()
    return TreeEncoder(tree: tree, node: tree.add("super", to: node))
  }

  func superEncoder(forKey key: Key) -> any Encoder {
    tree.beUnusual()
    return TreeEncoder(tree: tree, node: add(key))
  }
}
