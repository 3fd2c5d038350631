/// What became of a request.
enum Answer: Sendable {
  /// The library's return code, and what came with it.
  case completed(Int32, Reply)
  /// The task that waited was cancelled. The request itself goes on.
  case cancelled
}
