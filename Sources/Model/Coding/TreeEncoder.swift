/// Lets a value write itself into one place of a ``JSONTree``.
struct TreeEncoder: Encoder {
  let tree: JSONTree
  let node: Int

  /// Not kept: Foundation encodes anew what cannot be encoded, and says where.
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    tree.begin(.object, at: node)
    return KeyedEncodingContainer(TreeMembers<Key>(tree: tree, node: node))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer {
    tree.begin(.list, at: node)
    return TreeElements(tree: tree, node: node)
  }

  /// Puts the value's text, which was written before.
  func put(text: [UInt8]) { tree.put(text: text, at: node) }

  func singleValueContainer() -> any SingleValueEncodingContainer { TreeValue(tree: tree, node: node) }
}
