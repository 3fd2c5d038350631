import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Going back to what was deployed before.
@Suite(.timeLimit(.minutes(3)))
struct RollbackTests {
  private let stage: DeployTarget

  init() throws {
    stage = try DeployTarget("stage")
  }

  /// - Parameter script: of the task that deploys.
  private func define(_ script: String, in workshop: Workshop) async throws {
    try await workshop.defineJob(
      file: #"""
        { "job": "shop", "parameters": [{ "name": "version" }], "then": [{ "job": "next" }], "tasks": [
          { "name": "build", "type": "execute-shell", "script": "true", "needs": [] },
          { "name": "docs", "type": "execute-shell", "script": "true", "needs": [] },
          { "name": "test-bed", "type": "execute-shell", "script": "true", "needs": ["build"],
            "deploy": { "environment": "test" } },
          { "name": "ship", "type": "execute-shell", "script": "\#(script)", "needs": ["test-bed"],
            "when": { "branch": ["main"], "event": ["push"] },
            "deploy": { "environment": "stage", "approval": true } }] }
        """#)
  }

  private func push(_ commit: Character, branch: String = "main") -> BuildCause {
    .push(.init(repository: "octo/shop", ref: "refs/heads/\(branch)", commit: String(repeating: commit, count: 40)))
  }

  private func build(_ version: String, _ commit: Character, in workshop: Workshop) async throws -> BuildID {
    let build = try await workshop.repository.start(
      StartRequest(job: try JobName("shop"), parameters: ["version": version], cause: push(commit)))
    try await workshop.wait(for: build) { $0.tasks[3].deploy?.status == .unapproved }
    try await workshop.repository.approve(build, task: try TaskName("ship"), by: "ann")
    #expect(try await workshop.end(of: build).verdict == .succeeded)
    return build
  }

  @Test(
    "A rollback deploys what an earlier build deployed: its parameters, its commit, its job file, and nothing beside",
    arguments: StorePair.all)
  func story(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let shipped = Mutex<[String]>([])
      let worker = try TestWorker { assignment in
        guard assignment.task.name.rawValue == "ship", case .executeShell(let work) = assignment.task.work,
          case .script(let script) = work.command
        else { return Performance(.succeeded) }
        let version = assignment.attempt.request.parameters[try ParameterName("version")] ?? ""
        shipped.withLock { $0.append("\(script) \(version) \(assignment.attempt.commit?.prefix(1) ?? "-")") }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        try await workshop.defineJob("next")
        try await define("old", in: workshop)
        let first = try await build("1", "a", in: workshop)
        try await define("new", in: workshop)
        let second = try await build("2", "b", in: workshop)
        let started = try await workshop.repository.rollBack(stage, to: nil, by: "bob").builds[0]
        let view = try await workshop.end(of: started)
        #expect(view.verdict == .succeeded && view.startedBuilds.isEmpty && view.parameters == ["version": "1"])
        #expect(view.tasks.map(\.verdict) == [.succeeded, .skipped, .skipped, .succeeded])
        #expect(view.tasks[1].reason?.contains("does not need it") ?? false)
        #expect(view.tasks[2].reason?.contains("it deploys to test") ?? false)
        #expect(view.cause.event == "rollback" && view.cause.build?.id == first && view.cause.by == "bob")
        #expect(shipped.withLock { $0 } == ["old 1 a", "new 2 b", "old 1 a"])
        let live = try await workshop.observer.environment(stage, history: 9)
        #expect(live.history?.map(\.id) == [started, second, first] && live.live?.cause == view.cause)
        #expect(live.live?.commit == String(repeating: "a", count: 40))
        // The one before the first is not known, however often one went back to it; forth is another build to name.
        await #expect { _ = try await workshop.repository.rollBack(stage, to: nil, by: "bob") } throws: {
          ($0 as? RepositoryError)?.code == .conflict
        }
        let again = try await workshop.repository.rollBack(stage, to: started, by: "bob").builds[0]
        #expect(try await workshop.end(of: again).cause.build?.id == first)
        let forth = try await workshop.repository.rollBack(stage, to: second, by: "bob").builds[0]
        #expect(try await workshop.end(of: forth).verdict == .succeeded)
        #expect(shipped.withLock { $0.suffix(2) } == ["old 1 a", "new 2 b"])
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "What did not deploy there is nothing to go back to; a request that comes twice starts one build",
    arguments: StorePair.all)
  func refusals(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("old", in: workshop)
      try await workshop.defineJob("next")
      try await workshop.withWorkers(try TestWorker()) {
        let repository = workshop.repository
        func code(_ work: () async throws -> Void) async -> RepositoryError.Code? {
          do {
            try await work()
            return nil
          } catch {
            return (error as? RepositoryError)?.code
          }
        }
        #expect(await code { _ = try await repository.rollBack(stage, to: nil, by: "bob") } == .notFound)
        let topic = try await repository.start(
          StartRequest(job: try JobName("shop"), parameters: ["version": "0"], cause: push("c", branch: "topic")))
        #expect(try await workshop.end(of: topic).tasks[3].verdict == .skipped)
        #expect(await code { _ = try await repository.rollBack(stage, to: topic, by: "bob") } == .conflict)
        let first = try await build("1", "a", in: workshop)
        let delivery = Delivery(lasting: ["rollback:stage:key"])
        let once = try await repository.rollBack(stage, to: first, by: "bob", delivery: delivery)
        let twice = try await repository.rollBack(stage, to: first, by: "bob", delivery: delivery)
        #expect(once.builds == twice.builds && twice.isRepeat && !once.isRepeat)
        #expect(try await workshop.end(of: once.builds[0]).verdict == .succeeded)
        try await repository.deleteJob(try JobName("shop"))
        #expect(await code { _ = try await repository.rollBack(stage, to: first, by: "bob") } == .notFound)
      }
    }
  }
}
