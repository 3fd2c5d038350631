import Coordination
import Model

/// Watches one build: its node, and the place of each ticket of it that waits in a queue, for a worker that takes one writes
/// nothing else of the build.
struct BuildWatch: Sendable {
  let repository: SharedRepository
  let build: BuildID

  private enum Event: Sendable {
    case changed
    case gone
  }

  /// Returns when the build has ended, after its last view was used.
  func run(_ use: (BuildView) -> Void) async throws {
    let (events, feed) = AsyncThrowingStream.makeStream(of: Event.self, throwing: (any Error).self)
    try await withThrowingTaskGroup(of: Void.self) { group in
      defer { group.cancelAll() }
      group.addTask {
        await forward(to: feed) {
          for try await node in repository.session.watch(NodeMap.build(build)) {
            feed.yield(node == nil ? .gone : .changed)
          }
        }
      }
      var watched: Set<String> = []
      for try await event in events {
        let view = try await repository.build(build)
        use(view)
        if event == .gone || view.verdict != nil { return }
        for ticket in view.queuedTickets where watched.insert(ticket).inserted {
          group.addTask { await forward(to: feed) { if try await leavesQueue(ticket) { feed.yield(.changed) } } }
        }
      }
    }
  }

  /// Waits until a ticket is in its queue no longer.
  ///
  /// - Returns: `false` when the task was cancelled.
  private func leavesQueue(_ ticket: String) async throws -> Bool {
    for try await node in repository.session.watch(NodeMap.place(of: build, ticket: ticket)) {
      guard let node, case .queued = try TicketPlace.decode(node) else { return true }
    }
    return false
  }

  private func forward(
    to feed: AsyncThrowingStream<Event, any Error>.Continuation, _ body: () async throws -> Void
  ) async {
    do {
      try await body()
    } catch {
      feed.finish(throwing: error)
    }
  }
}

extension BuildView {
  /// The names of the tickets that wait in queues.
  fileprivate var queuedTickets: [String] {
    tasks.enumerated().compactMap { index, task in
      task.status == .queued ? "t\(index)a\((task.attempts.last?.number ?? 0) + 1)" : nil
    }
  }
}
