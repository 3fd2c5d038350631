import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(3)))
struct PauseTests {
  private let library: PauseSubject
  private let linux: PauseSubject

  init() throws {
    library = .job(try JobName("foo"))
    linux = .label(try Label("linux"))
  }

  private static let labelled = #"""
    { "job": "foo", "tasks": [{ "name": "a", "type": "execute-shell", "labels": ["linux"], "script": "true" }] }
    """#

  @Test("A paused job's builds wait, say why, and go on once each when it is resumed", arguments: StorePair.all)
  func job(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let performed = Mutex<[String: Int]>([:])
      let worker = try TestWorker(shells: 2) { assignment in
        performed.withLock { $0["\(assignment.attempt.request.build)/\(assignment.attempt.task)", default: 0] += 1 }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        try await workshop.repository.pause(library, by: "ada", reason: "moving")
        var builds: [BuildID] = []
        for _ in 0..<5 { builds.append(try await workshop.start("foo")) }
        for build in builds {
          try await workshop.wait(for: build) { $0.started != nil }
          let reason = try await workshop.observer.explanation(of: build).reason
          #expect(reason?.code == "job-paused" && reason?.by == "ada" && reason?.comment == "moving")
        }
        #expect(performed.withLock { $0.isEmpty })
        try await workshop.repository.resume(library)
        for build in builds { #expect(try await workshop.end(of: build).verdict == .succeeded) }
        #expect(performed.withLock { $0.count == 10 && $0.values.allSatisfy { $0 == 1 } })
        // Nothing is held afterwards, and nothing is remembered.
        #expect(try await workshop.observer.pauses().isEmpty)
        #expect(try await workshop.end(of: try await workshop.start("foo")).verdict == .succeeded)
      }
      #expect(try await workshop.observer.session.children(of: NodeMap.jobPauses) == [])
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A task that runs when its job is paused goes on to its end; the next one waits", arguments: StorePair.all)
  func underWay(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let (begun, begin) = AsyncStream.makeStream(of: Void.self)
      let (gate, open) = AsyncStream.makeStream(of: Void.self)
      let worker = try TestWorker { assignment in
        guard assignment.attempt.task == 0 else { return Performance(.succeeded) }
        begin.yield()
        for await _ in gate { break }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let build = try await workshop.start("foo")
        for await _ in begun { break }
        try await workshop.repository.pause(library, by: "ada", reason: nil)
        open.yield()
        try await workshop.wait(for: build) { $0.tasks[0].verdict == .succeeded }
        let explanation = try await workshop.observer.explanation(of: build)
        #expect(explanation.tasks.map(\.reason.code) == ["job-paused"])
        try await workshop.repository.resume(library)
        #expect(try await workshop.end(of: build).verdict == .succeeded)
      }
    }
  }

  @Test("A paused build can be cancelled, and a paused job deleted", arguments: StorePair.all)
  func ends(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      try await workshop.withWorkers(try TestWorker()) {
        try await workshop.repository.pause(library, by: "ada", reason: nil)
        let first = try await workshop.start("foo")
        let second = try await workshop.start("foo")
        try await workshop.wait(for: first) { $0.started != nil }
        try await workshop.wait(for: second) { $0.started != nil }
        try await workshop.repository.cancel(first, by: "bob")
        #expect(try await workshop.end(of: first).verdict == .cancelled)
        try await workshop.repository.deleteJob(try JobName("foo"))
        #expect(try await workshop.end(of: second).verdict == .succeeded)
        #expect(try await workshop.observer.pauses().isEmpty)
      }
    }
  }

  @Test(
    "Tickets of a paused label are not taken by parked or by new workers, until it is resumed", arguments: StorePair.all
  )
  func label(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.labelled)
      try await workshop.defineJob("other")
      let performed = Mutex<[String]>([])
      let perform: @Sendable (Assignment) async throws -> Performance = { assignment in
        performed.withLock { $0.append("\(assignment.attempt.request.build)") }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(try TestWorker(labels: ["linux"], perform: perform)) {
        try await workshop.repository.pause(linux, by: "ada", reason: "updating")
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.tasks[0].status == .queued }
        // The worker goes on with what does not ask for the label, also from its queue.
        let others = [try await workshop.start("other"), try await workshop.start("other")]
        for other in others { #expect(try await workshop.end(of: other).verdict == .succeeded) }
        try await workshop.withWorkers(try TestWorker(controls: 0, labels: ["linux"], perform: perform)) {
          let last = try await workshop.start("other")
          #expect(try await workshop.end(of: last).verdict == .succeeded)
          let reason = try await workshop.observer.explanation(of: build).tasks[0].reason
          #expect(reason.code == "label-paused" && reason.by == "ada" && reason.comment == "updating")
          #expect(performed.withLock { !$0.contains("\(build)") })
          try await workshop.repository.resume(linux)
          #expect(try await workshop.end(of: build).verdict == .succeeded)
          #expect(performed.withLock { $0.count { $0 == "\(build)" } } == 1)
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Pausing, resuming and triggering at the same time loses nothing and doubles nothing", arguments: StorePair.all)
  func race(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.labelled)
      let performed = Mutex<[String: Int]>([:])
      let worker = try TestWorker(controls: 2, shells: 3, labels: ["linux"]) { assignment in
        performed.withLock { $0["\(assignment.attempt.request.build)", default: 0] += 1 }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        let builds = try await withThrowingTaskGroup(of: [BuildID].self) { group in
          for subject in [library, linux] {
            group.addTask {
              for _ in 0..<6 {
                try await workshop.repository.pause(subject, by: "ada", reason: nil)
                try await workshop.repository.resume(subject)
              }
              return []
            }
          }
          for _ in 0..<3 {
            group.addTask {
              var builds: [BuildID] = []
              for _ in 0..<8 { builds.append(try await workshop.start("foo")) }
              return builds
            }
          }
          return try await group.reduce(into: []) { $0 += $1 }
        }
        for build in builds { #expect(try await workshop.end(of: build).verdict == .succeeded) }
        #expect(performed.withLock { $0.count == 24 && $0.values.allSatisfy { $0 == 1 } })
        // Whoever resumes may call a build that has ended meanwhile: such a ticket is void, and goes as it is taken.
        try await workshop.waitUntilParked([.buildControl: 2])
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A pause that somebody began to end, and was lost, is ended by the sweep", arguments: StorePair.all)
  func abandonedResume(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      try await workshop.withWorkers(try TestWorker()) {
        try await workshop.repository.pause(library, by: "ada", reason: nil)
        let build = try await workshop.start("foo")
        try await workshop.wait(for: build) { $0.started != nil }
        // As far as somebody comes who dies after the first step.
        var (pause, version) = try #require(try await workshop.repository.pause(of: library))
        pause.isEnding = true
        try await workshop.repository.session.write(
          NodeMap.pause(of: library), JSONBytes.encode(pause), expecting: version)
        version += 1
        #expect(try await workshop.observer.explanation(of: build).reason?.code == "resuming")
        try await workshop.repository.finishResuming()
        #expect(try await workshop.end(of: build).verdict == .succeeded)
        #expect(try await workshop.repository.pause(of: library) == nil)
      }
    }
  }

  @Test("What is paused stays so when the coordination store is wiped", arguments: StorePair.all)
  func wiped(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo")
      let repository = workshop.repository
      try await repository.pause(library, by: "ada", reason: "moving")
      try await repository.pause(linux, by: "bob", reason: nil)
      for path in [
        NodeMap.pause(of: library), NodeMap.pause(of: linux), NodeMap.jobPauses, NodeMap.labelPauses,
        NodeMap.environmentPauses,
        NodeMap.pauses, NodeMap.format,
      ] {
        try await repository.session.delete(path)
      }
      try await repository.open()
      #expect(try await repository.pause(of: library)?.0.by == "ada")
      #expect(try await repository.pause(of: linux)?.0.by == "bob")
    }
  }

  @Test("A job that is not there cannot be paused; resuming what is not paused does nothing", arguments: StorePair.all)
  func refusals(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      await #expect { try await workshop.repository.pause(library, by: "ada", reason: nil) } throws: {
        ($0 as? RepositoryError)?.code == .notFound
      }
      try await workshop.repository.resume(library)
      try await workshop.repository.resume(linux)
      #expect(try await workshop.observer.pauses().isEmpty)
    }
  }
}
