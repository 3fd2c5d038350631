import Coordination
import Model
import SharedRepository
import TestStores
import Testing
import Workers

/// Builds that grow while they run, and builds of very many tasks.
@Suite(.timeLimit(.minutes(4)))
struct GenerationTests {
  private static let job = """
    { "job": "suite", "tasks": [
      { "name": "list", "type": "execute-shell", "script": "./list-tests > tasks.json", "generates": "tasks.json" },
      { "name": "report", "type": "execute-shell", "script": "./report" }
    ] }
    """

  private static func list(_ count: Int, _ more: String = "") throws -> [TaskDefinition] {
    let tasks = (0..<count).map {
      #"{ "name": "n\#($0)", "type": "execute-shell", "script": "true", "needs": []\#(more) }"#
    }
    return try TaskList.parse(Array("[\(tasks.joined(separator: ","))]".utf8), file: "tasks.json", references: [])
  }

  /// A worker whose task `list`, and each task of its list that ends in 7, write lists of their own.
  private func worker(listing count: Int) throws -> TestWorker {
    try TestWorker(controls: 2, shells: 4) { assignment in
      var performance = Performance(.succeeded)
      let name = assignment.task.name.rawValue
      let more = name == "list" ? count : name == "list.n7" ? 3 : 0
      if more > 0 {
        try await assignment.storage.putGeneratedTasks(try Self.list(more))
        performance.generated = more
      }
      return performance
    }
  }

  @Test(
    "Tasks that a task wrote join its build, and what comes after waits for them", arguments: StorePair.all)
  func growth(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let build = try await workshop.start("suite")
      let worker = try worker(listing: 10)
      try await workshop.withWorkers(worker) {
        let view = try await workshop.end(of: build)
        #expect(view.verdict == .succeeded && view.tasks.count == 2 + 10 + 3)
        let names = view.tasks.map(\.name.rawValue)
        #expect(names.prefix(3) == ["list", "report", "list.n0"] && names.last == "list.n7.n2")
        let report = try #require(view.tasks[1].attempts.last?.started?.time)
        #expect(view.tasks.dropFirst(2).allSatisfy { ($0.attempts.last?.finished.map { $0.time <= report }) ?? false })
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build of hundreds of tasks fits in its node, and ends as any other", arguments: StorePair.all)
  func many(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let build = try await workshop.start("suite")
      let worker = try worker(listing: 400)
      try await workshop.withWorkers(worker) {
        try await workshop.wait(for: build) { $0.tasks.count { $0.verdict != nil } > 200 }
        let node = try #require(try await workshop.observer.session.read(NodeMap.build(build)))
        #expect(node.data.count < 2_000)
        let view = try await workshop.end(of: build)
        #expect(view.verdict == .succeeded && view.tasks.count == 2 + 400 + 3)
        #expect(view.tasks.allSatisfy { $0.attempts.count == 1 })
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("Cancelling a build of hundreds of tasks ends every one of them", arguments: StorePair.all)
  func cancelling(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let build = try await workshop.start("suite")
      let worker = try TestWorker(controls: 2, shells: 2) { assignment in
        guard assignment.task.name.rawValue == "list" else {
          try await untilStopped()
          return Performance(.succeeded)
        }
        var performance = Performance(.succeeded)
        try await assignment.storage.putGeneratedTasks(try Self.list(200))
        performance.generated = 200
        return performance
      }
      try await workshop.withWorkers(worker) {
        try await workshop.wait(for: build) { $0.tasks.count { $0.status == .queued } == 198 }
        try await workshop.repository.cancel(build, by: "ada")
        let view = try await workshop.end(of: build)
        #expect(view.verdict == .cancelled && view.tasks.count { $0.verdict == .cancelled } == 201)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A list that cannot join its build fails the task that wrote it", arguments: StorePair.all)
  func refusal(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let build = try await workshop.start("suite")
      let worker = try TestWorker { assignment in
        // As from a worker that did not look: what it says is checked again.
        var performance = Performance(.succeeded)
        let list = try Self.list(2, #", "generates": "more.json""#)
        try await assignment.storage.putGeneratedTasks(list)
        performance.generated = 2
        return performance
      }
      try await workshop.withWorkers(worker) {
        let view = try await workshop.end(of: build)
        #expect(view.verdict == .failed)
        let failed = view.tasks.filter { $0.verdict == .failed }
        #expect(failed.allSatisfy { $0.reason?.contains("within another") ?? false } && failed.count == 8)
      }
      try await workshop.expectNothingLeft()
    }
  }
}
