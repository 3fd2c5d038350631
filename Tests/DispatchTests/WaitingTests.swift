import Coordination
import Model
import SharedRepository
import TestStores
import Testing
import Workers

/// Why builds wait, as the stores tell it.
@Suite(.timeLimit(.minutes(3)))
struct WaitingTests {
  private func reason(of build: BuildID, _ workshop: Workshop) async throws -> ReasonView? {
    try await workshop.observer.explanation(of: build).tasks.first?.reason
  }

  @Test(
    "A ticket behind others has a position, and is expected to start when past durations say so",
    arguments: StorePair.all)
  func busy(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let worker = try TestWorker { assignment in
        if assignment.attempt.request.build.number > 1 { for await _ in gate {} }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        _ = try await workshop.end(of: try await workshop.start("foo"))
        var builds: [BuildID] = []
        for number in 0..<4 {
          builds.append(try await workshop.start("foo"))
          // Each before the next: a ticket that comes as build-control's slot parks may overtake one in its queue.
          try await workshop.wait(for: builds[number]) { $0.tasks[0].status == (number == 0 ? .running : .queued) }
        }

        let first = try #require(try await reason(of: builds[0], workshop))
        #expect(first.code == "running" && first.worker != nil && first.expected != nil)
        for (position, build) in builds.dropFirst().enumerated() {
          let waiting = try #require(try await reason(of: build, workshop))
          #expect(waiting.code == "slots-busy", "\(waiting)")
          #expect(waiting.position?.value == position + 1 && waiting.total?.value == 3 && waiting.slots?.value == 1)
          #expect(waiting.expected != nil)
        }
        open.finish()
        for build in builds { _ = try await workshop.end(of: build) }
      }
    }
  }

  @Test("A build that waits for its concurrency group names who holds it, and since when", arguments: StorePair.all)
  func group(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let task = #"{ "name": "t", "type": "execute-shell", "script": "true" }"#
      for job in ["foo", "bar"] {
        try await workshop.defineJob(
          file: #"{ "job": "\#(job)", "concurrency": { "group": "stage" }, "tasks": [\#(task)] }"#)
      }
      let (holder, waiting) = (try await workshop.start("foo"), try await workshop.start("bar"))
      let explanation = try await workshop.observer.explanation(of: waiting)
      for reason in [explanation.reason, explanation.tasks[0].reason] {
        #expect(reason?.code == "concurrency-group" && reason?.group == "stage" && reason?.since != nil)
        #expect(reason?.holder.map { "\($0.job)/\($0.build)" } == "\(holder)")
      }
      try await workshop.withWorkers(try TestWorker()) {
        for build in [holder, waiting] { _ = try await workshop.end(of: build) }
      }
      #expect(try await workshop.observer.explanation(of: waiting).reason == nil)
    }
  }

  @Test("Of a group with several places everyone is named who has one, the oldest first", arguments: StorePair.all)
  func severalHolders(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let task = #"{ "name": "t", "type": "execute-shell", "script": "true" }"#
      try await workshop.defineJob(
        file: #"{ "job": "foo", "concurrency": { "group": "stage", "limit": 2 }, "tasks": [\#(task)] }"#)
      let builds = [
        try await workshop.start("foo"), try await workshop.start("foo"), try await workshop.start("foo"),
      ]
      let waiting = try #require(try await reason(of: builds[2], workshop))
      #expect(waiting.holder?.id == builds[0] && waiting.others?.map(\.id) == [builds[1]], "\(waiting)")
      #expect(
        waiting.message.contains("whose 2 places are taken: build foo/1 ") && waiting.message.contains("build foo/2 "))
      try await workshop.withWorkers(try TestWorker()) {
        for build in builds { _ = try await workshop.end(of: build) }
      }
    }
  }

  @Test("A task that will be tried again says when", arguments: StorePair.all)
  func retry(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let worker = try TestWorker { assignment in
        Performance(assignment.attempt.number == 1 ? .errored : .succeeded)
      }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.tasks[0].status == .resting }
        let resting = try #require(try await reason(of: build, workshop))
        #expect(resting.code == "retry" && resting.attempt == 2)
        let due = try #require(resting.expected)
        try await workshop.leap(to: due.time)
        _ = try await workshop.end(of: build)
      }
    }
  }
}
