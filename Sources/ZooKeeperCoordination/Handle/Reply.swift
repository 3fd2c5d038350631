internal import Coordination

/// What a completion brought, copied out of the library's memory.
enum Reply: Sendable {
  case nothing
  case node(Node)
  case names([String])
  /// The return code of each operation of a multi.
  case codes([Int32])
}
