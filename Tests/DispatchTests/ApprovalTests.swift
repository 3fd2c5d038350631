import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Tasks that somebody has to approve before they deploy.
@Suite(.timeLimit(.minutes(3)))
struct ApprovalTests {
  private let production: DeployTarget
  private let ship: TaskName

  init() throws {
    production = try DeployTarget("production")
    ship = try TaskName("ship")
  }

  private static let shop = #"""
    "tasks": [{ "name": "test", "type": "execute-shell", "script": "true" },
      { "name": "ship", "type": "execute-shell", "script": "true",
        "deploy": { "environment": "production", "approval": true } },
      { "name": "tell", "type": "execute-shell", "script": "true" }] }
    """#

  private func refusal(_ work: () async throws -> Void) async -> RepositoryError? {
    do {
      try await work()
      return nil
    } catch {
      return error as? RepositoryError
    }
  }

  @Test(
    "A gate waits without a worker until somebody approves this very build; who did is shown; rejecting is cancelling",
    arguments: StorePair.all)
  func story(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: #"{ "job": "shop", "# + Self.shop)
      try await workshop.defineJob("other")
      let repository = workshop.repository
      try await workshop.withWorkers(try TestWorker(controls: 1, shells: 1)) {
        let (first, second) = (try await workshop.start("shop"), try await workshop.start("shop"))
        for build in [first, second] {
          try await workshop.wait(for: build) { $0.tasks[1].deploy?.status == .unapproved }
          let explanation = try await workshop.observer.explanation(of: build).tasks
          #expect(
            explanation.map(\.reason.code) == ["approval", "needs"] && explanation[0].reason.environment == production)
        }
        let gates = try await workshop.observer.environment(production, history: 1)
        #expect(gates.unapproved.map(\.id) == [first, second] && gates.holder == nil && gates.live == nil)
        // The only slot is free.
        #expect(try await workshop.end(of: try await workshop.start("other")).verdict == .succeeded)
        let tests = try TaskName("test")
        let needless = await refusal { try await repository.approve(first, task: tests, by: "ann") }
        #expect(needless?.code == .invalid && needless?.message.contains("takes no approval") ?? false)
        let unknown = await refusal { try await repository.approve(first, task: TaskName("none"), by: "ann") }
        #expect(unknown?.code == .notFound)
        // The later one first: an approval is for one build, and who lacks one stands in nobody's way.
        try await repository.approve(second, task: ship, by: "ann")
        let shipped = try await workshop.end(of: second)
        #expect(shipped.verdict == .succeeded && shipped.tasks[1].deploy?.approvedBy == "ann")
        #expect(shipped.tasks[1].deploy?.approved != nil && shipped.tasks[1].deploy?.status == nil)
        let late = await refusal { try await repository.approve(second, task: ship, by: "bob") }
        #expect(late?.code == .conflict && late?.message.contains("has ended") ?? false)
        #expect(try await repository.build(first).tasks[1].deploy?.approvedBy == nil)
        try await repository.cancel(first, by: "bob")
        #expect(try await workshop.end(of: first).tasks.map(\.verdict) == [.succeeded, .cancelled, .cancelled])
        let view = try await workshop.observer.environment(production, history: 5)
        #expect(view.unapproved.isEmpty && view.waiting.isEmpty && view.holder == nil)
        #expect(view.history?.map(\.id) == [second] && view.live?.approvedBy == "ann")
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test(
    "Of two who approve, the first counts, and the second is told; before its time nobody can", arguments: StorePair.all
  )
  func twice(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: #"{ "job": "shop", "# + Self.shop)
      let repository = workshop.repository
      let build = try await workshop.start("shop")
      let early = await refusal { try await repository.approve(build, task: ship, by: "ann") }
      #expect(early?.code == .conflict && early?.message.contains("does not wait for approval yet") ?? false)
      // Nobody ships, so that it stays approved.
      let worker = try TestWorker { assignment in
        if assignment.task.deployment != nil { try await untilStopped() }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) {
        try await workshop.wait(for: build) { $0.tasks[1].deploy?.status == .unapproved }
        try await repository.approve(build, task: ship, by: "ann")
        try await workshop.wait(for: build) { $0.tasks[1].status == .running }
        #expect(await refusal { try await repository.approve(build, task: ship, by: "ann") } == nil)
        let second = await refusal { try await repository.approve(build, task: ship, by: "bob") }
        #expect(second?.code == .conflict && second?.message.contains("was approved by ann") ?? false)
        try await workshop.waitUntilParked([.buildControl: 1])
        #expect(try await workshop.observer.build(build).tasks[1].deploy?.approvedBy == "ann")
        try await repository.cancel(build, by: "ann")
        #expect(try await workshop.end(of: build).verdict == .cancelled)
      }
    }
  }

  @Test(
    "A newer build takes the place of one that waits for approval, which would hold it up", arguments: StorePair.all)
  func superseded(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(
        file: #"{ "job": "shop", "concurrency": { "whenBusy": "cancel-older" }, "# + Self.shop)
      try await workshop.withWorkers(try TestWorker()) {
        let first = try await workshop.start("shop")
        try await workshop.wait(for: first) { $0.tasks[1].deploy?.status == .unapproved }
        let second = try await workshop.start("shop")
        let old = try await workshop.end(of: first)
        #expect(old.verdict == .cancelled && old.cancelledBy?.contains("\(second)") ?? false)
        try await workshop.wait(for: second) { $0.tasks[1].deploy?.status == .unapproved }
        try await workshop.repository.approve(second, task: ship, by: "ann")
        #expect(try await workshop.end(of: second).verdict == .succeeded)
      }
      try await workshop.expectNothingLeft()
    }
  }
}
