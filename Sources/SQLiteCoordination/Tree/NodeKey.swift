import Coordination

/// Where the table has a node. The root has neither a parent nor a name.
struct NodeKey {
  let parent: String
  let name: String

  init(_ path: NodePath) {
    parent = path.parent?.string ?? ""
    name = path.name
  }
}
