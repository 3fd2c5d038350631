import Foundation

/// A value on its way to JSON text, shared by all that write parts of it.
///
/// ``JSONBytes`` uses it for what our records are made of. What else there is, is *unusual*, and left to Foundation: so there is
/// one form of the text, and Foundation is the one that says what it is.
final class JSONTree {
  static let root = JSONNodes.root

  /// One value, so that there is one access to check for each thing that is put: that was a sixth of all encoding.
  private var nodes = JSONNodes()

  /// Leaves the value to Foundation.
  func beUnusual() { nodes.isUnusual = true }

  func begin(_ kind: JSONNodes.Kind, at node: Int) { nodes.begin(kind, at: node) }
  func count(at node: Int) -> Int { nodes.count(at: node) }
  func add(to list: Int) -> Int { nodes.add(to: list) }
  func add(_ key: String, to object: Int) -> Int { nodes.add(key, to: object) }

  func put(text: [UInt8], at node: Int) { nodes.put(text: text, at: node) }
  func put(_ flag: Bool, at node: Int) { nodes.put(flag, at: node) }
  func putNull(at node: Int) { nodes.putNull(at: node) }
  func put(_ text: String, at node: Int) { nodes.put(text, at: node) }
  func put(_ number: Int, at node: Int) { nodes.put(number, at: node) }

  func put<Value: Encodable>(_ value: Value, at node: Int) throws {
    if Value.self == Data.self, let data = value as? Data { return put(data.base64EncodedString(), at: node) }
    // Foundation has a form of its own for these.
    if Value.self == Date.self || Value.self == URL.self || Value.self == Decimal.self { return beUnusual() }
    try value.encode(to: TreeEncoder(tree: self, node: node))
  }

  /// The text of the whole; `nil` when Foundation must write it.
  func text() -> [UInt8]? { nodes.text() }
}
