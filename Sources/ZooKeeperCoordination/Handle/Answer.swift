internal import Coordination

/// What became of a request.
enum Answer: Sendable {
  /// The library's return code, and what came with it.
  case completed(Int32, Reply)
  /// The task that waited was cancelled. The request itself goes on.
  case cancelled
}

/// What a completion brought, copied out of the library's memory.
enum Reply: Sendable {
  case nothing
  case node(Node)
  case names([String])
  /// The return code of each operation of a multi.
  case codes([Int32])
}
