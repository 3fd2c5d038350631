import Coordination

/// A transaction as small as those of dispatch: three changes, and the bytes of a small ticket.
enum BareTransaction {
  static let text = String(repeating: "x", count: 400)
  static let data = Array(text.utf8)

  /// Writes a node, and creates and deletes another one.
  static func changes(at path: NodePath) -> [Change] {
    [
      .write(path, data, expecting: nil), .create(path / "mark", [], .persistent),
      .delete(path / "mark", expecting: nil),
    ]
  }
}
