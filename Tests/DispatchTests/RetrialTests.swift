import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Tasks of an ended build that are done once more.
@Suite(.timeLimit(.minutes(4)))
struct RetrialTests {
  /// Three tasks in a row, and one beside them.
  private static let job = """
    { "job": "library", "parameters": [{ "name": "mode", "type": "string", "default": "debug" }], "tasks": [
      { "name": "source", "type": "execute-shell", "script": "./fetch" },
      { "name": "test", "type": "execute-shell", "script": "./test" },
      { "name": "package", "type": "execute-shell", "script": "./package" },
      { "name": "style", "type": "execute-shell", "needs": [], "script": "./style" }
    ] }
    """

  /// What was done, in which build, and from which workspace.
  private struct Done: Hashable {
    var build: Int
    var task: String
    var workspace: Int
  }

  private final class Record: Sendable {
    let done = Mutex<[Done]>([])
    let failing = Mutex<Set<String>>([])

    func worker() throws -> TestWorker {
      try TestWorker(controls: 1, shells: 2) { assignment in
        let name = assignment.task.name.rawValue
        let build = assignment.attempt.request.build.number
        self.done.withLock { $0.append(Done(build: build, task: name, workspace: assignment.workspace.count)) }
        guard !self.failing.withLock({ $0.contains(name) }) else { return Performance(.failed, message: "no") }
        try await assignment.log.line("\(name) of \(build)")
        let added = try await assignment.storage.putWorkspace(from: OneChunk([1]))
        return Performance(.succeeded, workspace: assignment.workspace + [added], commit: "c0ffee")
      }
    }

    func tasks(of build: Int) -> Set<String> { Set(done.withLock { $0 }.filter { $0.build == build }.map(\.task)) }
  }

  @Test("What failed is done once more in a new build, which takes over the rest", arguments: StorePair.all)
  func failed(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let record = Record()
      record.failing.withLock { $0 = ["test"] }
      try await workshop.withWorkers(try record.worker()) {
        let first = try await workshop.repository.start(
          StartRequest(job: try JobName("library"), parameters: ["mode": "release"]))
        #expect(try await workshop.end(of: first).verdict == .failed)
        record.failing.withLock { $0 = [] }
        // The job's file is another one by now.
        try await workshop.defineJob("library")
        let second = try #require(
          try await workshop.repository.retry(first, .failed, by: "ada").builds.first)
        let view = try await workshop.end(of: second)
        #expect(view.verdict == .succeeded && view.parameters == ["mode": "release"])
        #expect(view.cause.event == "retry" && view.cause.build?.id == first && view.cause.by == "ada")
        #expect(record.tasks(of: 2) == ["test", "package"])
        let starts = record.done.withLock { $0 }.filter { $0.build == 2 }
        #expect(starts.map(\.workspace) == [1, 2], "each starts from what the one before left")
        let bytes = Mutex<[UInt8]>([])
        try await LogReader(workshop.observer, build: second).read(pause: {}) { piece in bytes.withLock { $0 += piece }
        }
        let log = String(decoding: bytes.withLock { $0 }, as: UTF8.self)
        #expect(log.contains("source of 1") && log.contains("test of 2"))
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("One task, or all from one on, or the whole build", arguments: StorePair.all)
  func scopes(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.job)
      let record = Record()
      try await workshop.withWorkers(try record.worker()) {
        let first = try await workshop.start("library")
        #expect(try await workshop.end(of: first).verdict == .succeeded)
        await #expect(throws: RepositoryError.self) { try await workshop.repository.retry(first, .failed, by: "ada") }
        let test = try TaskName("test")
        for (number, scope, tasks) in [
          (2, RetryScope.task(test), ["test"]), (3, .from(test), ["test", "package"]),
          (4, .all, ["source", "test", "package", "style"]),
        ] {
          let next = try #require(try await workshop.repository.retry(first, scope, by: "ada").builds.first)
          #expect(try await workshop.end(of: next).verdict == .succeeded && next.number == number)
          #expect(record.tasks(of: number) == Set(tasks))
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build that has not ended, or that nobody knows, is not repeated; the same request starts one build")
  func refusals() async throws {
    try await Workshop.open(.embedded) { workshop in
      try await workshop.defineJob(file: Self.job)
      let record = Record()
      record.failing.withLock { $0 = ["style"] }
      let first = try await workshop.start("library")
      let early = await #expect(throws: RepositoryError.self) {
        try await workshop.repository.retry(first, .all, by: "ada")
      }
      #expect(early?.code == .conflict)
      let unknown = BuildID(job: first.job, number: 9)
      let missing = await #expect(throws: RepositoryError.self) {
        try await workshop.repository.retry(unknown, .all, by: "ada")
      }
      #expect(missing?.code == .notFound)
      try await workshop.withWorkers(try record.worker()) {
        _ = try await workshop.end(of: first)
        let delivery = Delivery(lasting: ["retry:1"])
        let once = try await workshop.repository.retry(first, .failed, by: "ada", delivery: delivery)
        let twice = try await workshop.repository.retry(first, .failed, by: "ada", delivery: delivery)
        #expect(once.builds == twice.builds && twice.isRepeat)
        _ = try await workshop.end(of: try #require(once.builds.first))
      }
    }
  }
}
