/// What a watch was set off by.
enum NodeChange: Sendable {
  case data
  case children
  /// The node was created or deleted, or it is not known what happened.
  case node
}
