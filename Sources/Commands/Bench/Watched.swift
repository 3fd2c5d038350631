import Coordination
import Measurement

/// Watches on many nodes, and when each of them told that its node has been written.
enum Watched {
  /// - Parameter act: writes all the nodes. Called when every watch has told of the present.
  /// - Returns: milliseconds from the call to each node's news.
  static func run(
    _ nodes: [(NodePath, any CoordinationSession)], _ act: () async throws -> Void
  ) async throws -> Distribution {
    let (readiness, ready) = AsyncStream.makeStream(of: Void.self)
    return try await withThrowingTaskGroup(of: UInt64.self) { group in
      for (path, session) in nodes {
        group.addTask {
          var isFirst = true
          for try await node in session.watch(path) {
            if isFirst { ready.yield() }
            if node.map({ $0.version > 0 }) ?? false { return MonotonicTime.now }
            isFirst = false
          }
          throw CancellationError()
        }
      }
      var waiting = nodes.count
      for await _ in readiness {
        waiting -= 1
        if waiting == 0 { break }
      }
      let start = MonotonicTime.now
      try await act()
      return Distribution(
        try await group.reduce(into: [Double]()) {
          $0.append(MonotonicTime.milliseconds(from: start, to: $1))
        })
    }
  }
}
