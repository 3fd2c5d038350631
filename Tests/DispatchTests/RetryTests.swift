import Coordination
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Attempts that our own infrastructure failed.
@Suite(.timeLimit(.minutes(3)))
struct RetryTests {
  @Test(
    "A ticket that kills every worker that takes it ends errored, with the story of its attempts",
    arguments: StorePair.all)
  func poison(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let survivor = try TestWorker(shells: 0)
      try await workshop.withWorkers(survivor) {
        let build = try await workshop.start("foo")
        for attempt in 1...AttemptOutcome.mostErrored {
          try await die(of: build, workshop)
          // The first loss is made good at once; before every later attempt the build waits.
          guard (2..<AttemptOutcome.mostErrored).contains(attempt) else { continue }
          let resting = try await workshop.wait(for: build) { view in
            view.tasks[0].status == .resting && view.tasks[0].attempts.count == attempt
          }
          try await workshop.leap(to: try #require(resting.tasks[0].nextAttempt).time)
        }
        let view = try await workshop.end(of: build)
        let task = view.tasks[0]
        #expect(view.verdict == .errored)
        #expect(task.attempts.map(\.verdict) == Array(repeating: .errored, count: AttemptOutcome.mostErrored))
        #expect(Set(task.attempts.compactMap(\.worker)).count == AttemptOutcome.mostErrored)
        #expect(task.attempts.allSatisfy { $0.message?.contains("was lost") ?? false && $0.finished != nil })
        #expect(task.reason?.hasPrefix("5 attempts errored; the last: worker") ?? false)
        for (earlier, later) in zip(task.attempts, task.attempts.dropFirst()).dropFirst() {
          let (end, start) = (try #require(earlier.finished), try #require(later.started))
          #expect(start.time.since(end.time) >= .seconds(4))
        }
        let log = try await text(of: build, workshop)
        for attempt in task.attempts { #expect(log.contains(try #require(attempt.worker))) }
        #expect(log.ranges(of: "was lost while it had the task").count == AttemptOutcome.mostErrored)
      }
      try await workshop.expectNothingLeft()
    }
  }

  /// Lets a worker take the task, and die of it.
  private func die(of build: BuildID, _ workshop: Workshop) async throws {
    let (begun, begin) = AsyncStream.makeStream(of: Void.self)
    let victim = try TestWorker(controls: 0) { _ in
      begin.yield()
      try await untilStopped()
      return Performance(.succeeded)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await workshop.run(victim) }
      for await _ in begun { break }
      await victim.kill()
      try await group.waitForAll()
    }
  }

  @Test(
    "A full store or disk makes an attempt errored, never failed, and it is made again after a wait",
    arguments: StorePair.all)
  func shortage(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let attempts = Mutex(0)
      let worker = try TestWorker { _ in
        let number = attempts.withLock { attempts in
          attempts += 1
          return attempts
        }
        if number == 1 { throw ObjectStoreError(.noSpace, message: "the pool is full") }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        let resting = try await workshop.wait(for: build) { $0.tasks[0].status == .resting }
        #expect(attempts.withLock { $0 } == 1)
        #expect(resting.tasks[0].reason?.contains("the pool is full") ?? false)
        try await workshop.leap(to: try #require(resting.tasks[0].nextAttempt).time)
        let ended = try await workshop.end(of: build)
        #expect(ended.verdict == .succeeded)
        #expect(ended.tasks[0].attempts.map(\.verdict) == [.errored, .succeeded])
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build that waits for a retry is cancelled at once, and its timer goes", arguments: StorePair.all)
  func cancelledWhileResting(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let worker = try TestWorker { _ in throw ObjectStoreError(.noSpace, message: "the pool is full") }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.tasks[0].status == .resting }
        try await workshop.repository.cancel(build, by: "ada")
        let view = try await workshop.end(of: build)
        #expect(view.tasks.map(\.verdict) == [.cancelled, .cancelled])
      }
      try await workshop.expectNothingLeft()
      let timers = Timers(session: workshop.repository.session, now: workshop.repository.now)
      #expect(try await timers.fireDue() == nil)
    }
  }

  private func text(of build: BuildID, _ workshop: Workshop) async throws -> String {
    let bytes = Mutex<[UInt8]>([])
    try await LogReader(workshop.observer, build: build).read(pause: {}) { piece in bytes.withLock { $0 += piece } }
    return String(decoding: bytes.withLock { $0 }, as: UTF8.self)
  }
}
