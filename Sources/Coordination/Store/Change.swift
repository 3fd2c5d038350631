/// One step of a transaction.
package enum Change: Hashable, Sendable {
  /// Fails with `nodeExists` when the node is there, and with `noNode` when its parent is not.
  case create(NodePath, [UInt8], Lifetime)
  /// Fails with `noNode`, or with `badVersion` unless the node has the expected version (`nil` takes any).
  case write(NodePath, [UInt8], expecting: Int?)
  /// Fails with `noNode`, with `badVersion`, and with `notEmpty` when the node has children.
  case delete(NodePath, expecting: Int?)
  /// Changes nothing. Fails with `noNode`, or with `badVersion` unless the node has the expected version.
  case check(NodePath, expecting: Int?)

  package var path: NodePath {
    switch self {
    case .create(let path, _, _), .write(let path, _, _), .delete(let path, _), .check(let path, _): path
    }
  }

  /// The bytes that the change adds to a transaction.
  package var size: Int {
    switch self {
    case .create(let path, let data, _), .write(let path, let data, _): path.string.utf8.count + data.count + 32
    case .delete(let path, _), .check(let path, _): path.string.utf8.count + 32
    }
  }
}
