import Coordination

/// One flush of the writer: its place in the order of all processes' commits, and what it touched.
struct Commit: Sendable {
  var number: Int64
  var changes: ChangedPaths
  /// The same step by step; none where it touched more than can be told.
  var steps: [NodeStep] = []
}

/// What a change made of a node.
enum NodeStep: Sendable {
  case created(NodePath, Node)
  /// - Parameter modified: the number of the transaction.
  case written(NodePath, [UInt8], modified: Int64)
  case deleted(NodePath)
}
