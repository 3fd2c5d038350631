import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(3)))
struct CancellationTests {
  @Test(
    "A running task learns that it is cancelled by one event on its slot, and asks for nothing",
    arguments: StorePair.all)
  func oneEvent(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let store = WatchedStore()
      let (steps, step) = AsyncStream.makeStream(of: Int.self)
      let shell = try TestWorker(controls: 0) { _ in
        step.yield(store.uses.count)
        defer { step.yield(store.uses.count) }
        try await untilStopped()
        return Performance(.succeeded)
      }
      // The other worker comes first and plays the role that recovers, so that this one does nothing but its work.
      try await workshop.withWorkers(try TestWorker(shells: 0)) {
        try await workshop.waitForRecoveryRole()
        try await workshop.withWorker(shell, watchedBy: store) {
          var iterator = steps.makeAsyncIterator()
          let build = try await workshop.start("foo")
          let begun = try #require(await iterator.next())
          try await workshop.repository.cancel(build, by: "ada")
          let stopped = try #require(await iterator.next())
          let uses = store.uses[begun..<stopped]
          #expect(uses.count == 1, "\(uses)")
          guard case .event(let path)? = uses.first else { throw Unexpected("\(uses)") }
          #expect(path.string.hasPrefix("/slots/"))
          #expect(try await workshop.end(of: build).verdict == .cancelled)
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Cancelling twice does what cancelling once does, in the name of the first", arguments: StorePair.all)
  func twice(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let worker = try TestWorker { _ in
        try await untilStopped()
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.tasks[0].status == .running }
        try await workshop.repository.cancel(build, by: "ada")
        do {
          try await workshop.repository.cancel(build, by: "bob")
        } catch let error as RepositoryError {
          // It had ended by then, and says so.
          #expect(error.code == .conflict)
        }
        let view = try await workshop.end(of: build)
        #expect(view.verdict == .cancelled && view.cancelledBy == "ada")
        #expect(view.tasks[0].attempts.map(\.verdict) == [.cancelled])
        #expect(view.tasks[0].attempts.first?.message == "cancelled by ada")
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Cancelling too late is refused, and changes nothing", arguments: StorePair.all)
  func tooLate(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      try await workshop.withWorkers(try TestWorker()) {
        let build = try await workshop.start("foo")
        let ended = try await workshop.end(of: build)
        await #expect { try await workshop.repository.cancel(build, by: "ada") } throws: {
          ($0 as? RepositoryError)?.code == .conflict
        }
        #expect(try await workshop.observer.build(build) == ended)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Cancelling as a task ends lets it end either way, once", arguments: StorePair.all)
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      try await workshop.withWorkers(try TestWorker()) {
        for _ in 0..<10 {
          let build = try await workshop.start("foo")
          do {
            try await workshop.repository.cancel(build, by: "ada")
          } catch let error as RepositoryError {
            #expect(error.code == .conflict)
          }
          let view = try await workshop.end(of: build)
          #expect([.succeeded, .cancelled].contains(view.verdict))
          #expect(view.tasks[0].attempts.count <= 1)
        }
      }
      try await workshop.expectNothingLeft()
    }
  }
}

/// Something was not as the test takes for granted.
struct Unexpected: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}

extension Workshop {
  /// Waits until some worker plays the role that recovers what lost workers had.
  func waitForRecoveryRole() async throws {
    let role = NodeMap.role("recovery")
    try await waitForChange([role]) { try await self.observer.session.read(role) != nil }
  }

  /// Runs a worker beside a test, through a session of which everything is noted.
  func withWorker(
    _ worker: TestWorker, watchedBy store: WatchedStore, body: @escaping @Sendable () async throws -> Void
  ) async throws {
    try await coordination.withSession { session in
      let repository = SharedRepository(session: store.watched(session), objects: objects, now: repository.now)
      try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await worker.worker.run(repository) }
        group.addTask {
          try await body()
          worker.finish()
        }
        for try await _ in group {}
      }
    }
  }
}
