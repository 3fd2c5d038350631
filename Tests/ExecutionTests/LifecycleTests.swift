import Testing

@testable import Execution

/// The order in which facts may come in, without any process.
struct LifecycleTests {
  private static let began = MonotonicInstant(nanoseconds: 1_000)
  private static let ended = MonotonicInstant(nanoseconds: 5_000)
  private static let usage = ResourceUsage(userTime: .zero, systemTime: .zero, maximumResidentKiB: 1)
  private static let started = Lifecycle.Event.started(leader: 7, at: began)
  private static let exited = Lifecycle.Event.exited(.exited(3), at: ended)
  private static let gone = Lifecycle.Event.treeGone(killed: 2, usage: usage)

  private struct Broken: Error, Equatable {}

  private var lifecycle = Lifecycle()

  private mutating func actions(after events: Lifecycle.Event...) -> [Lifecycle.Action] {
    events.flatMap { lifecycle.handle($0) }
  }

  @Test mutating func `a run that ends by itself`() throws {
    #expect(actions(after: Self.started) == [.startTimers, .prepareNextRunner])
    #expect(actions(after: Self.exited) == [.awaitTree])
    #expect(actions(after: Self.gone) == [.abandonOutput])
    #expect(!lifecycle.isOver)
    #expect(actions(after: .outputEnded) == [])
    #expect(lifecycle.isOver)
    let completion = try lifecycle.conclusion()
    #expect(completion.ending == .exited(3))
    #expect(completion.elapsed == .nanoseconds(4_000))
    #expect(completion.usage == Self.usage)
    #expect(completion.killedSurvivors == 2)
  }

  @Test(arguments: [
    (Lifecycle.Event.elapsed(.total), Ending.timedOut(.total)),
    (.elapsed(.idle), .timedOut(.idle)),
    (.cancelled, .cancelled),
  ])
  mutating func `who is stopped ends with the reason, not with a status`(stop: Lifecycle.Event, ending: Ending) throws {
    #expect(actions(after: Self.started, stop) == [.startTimers, .prepareNextRunner, .requestStop])
    _ = actions(after: Self.exited, Self.gone, .outputEnded)
    #expect(lifecycle.isOver)
    #expect(try lifecycle.conclusion().ending == ending)
  }

  @Test mutating func `the first reason to stop counts`() throws {
    #expect(
      actions(after: Self.started, .elapsed(.idle), .cancelled, .elapsed(.total)) == [
        .startTimers, .prepareNextRunner, .requestStop,
      ]
    )
    _ = actions(after: Self.exited, Self.gone, .outputEnded)
    #expect(try lifecycle.conclusion().ending == .timedOut(.idle))
  }

  @Test mutating func `a reason to stop that comes after the end is none`() throws {
    #expect(
      actions(after: Self.started, Self.exited, .cancelled, .elapsed(.total)) == [
        .startTimers, .prepareNextRunner, .awaitTree,
      ]
    )
    #expect(actions(after: Self.gone, .cancelled, .stopOverdue) == [.abandonOutput])
    _ = actions(after: .outputEnded)
    #expect(try lifecycle.conclusion().ending == .exited(3))
  }

  @Test mutating func `a run can be cancelled before its command has started`() throws {
    #expect(actions(after: .cancelled, Self.started) == [.requestStop, .startTimers, .prepareNextRunner])
    _ = actions(after: Self.exited, Self.gone, .outputEnded)
    #expect(try lifecycle.conclusion().ending == .cancelled)
  }

  @Test mutating func `a command that does not start`() {
    let error = ExecutionError(code: .notStarted(.execute), message: "No.", errorNumber: 2)
    #expect(actions(after: .failed(error), .cancelled) == [.prepareNextRunner, .abandonOutput])
    #expect(actions(after: .outputEnded) == [])
    #expect(lifecycle.isOver)
    #expect(throws: error) { try lifecycle.conclusion() }
  }

  @Test mutating func `a runner that is lost has no outcome, and its tree is killed first`() throws {
    #expect(actions(after: Self.started, .runnerEnded) == [.startTimers, .prepareNextRunner, .killOrphans(leader: 7)])
    _ = actions(after: .outputEnded)
    #expect(!lifecycle.isOver)
    #expect(actions(after: .orphansKilled(4)) == [.abandonOutput])
    #expect(lifecycle.isOver)
    let error = try #require(throws: ExecutionError.self) { try lifecycle.conclusion() }
    #expect(error.code == .infrastructure)
    #expect(error.message.contains(" 4 "))
  }

  @Test mutating func `a runner that is lost at once leaves no leader to name`() {
    #expect(actions(after: .runnerEnded) == [.killOrphans(leader: nil)])
  }

  @Test mutating func `an exit status does not count while the tree may live`() {
    #expect(
      actions(after: Self.started, Self.exited, .runnerEnded) == [
        .startTimers, .prepareNextRunner, .awaitTree, .killOrphans(leader: 7),
      ]
    )
    #expect(actions(after: .orphansRemain(Broken()), .outputEnded) == [.abandonOutput])
    #expect(lifecycle.isOver)
    #expect(throws: Broken()) { try lifecycle.conclusion() }
  }

  @Test mutating func `a runner that does not answer is killed`() {
    #expect(
      actions(after: Self.started, .cancelled, .stopOverdue) == [
        .startTimers, .prepareNextRunner, .requestStop, .killRunner,
      ]
    )
  }

  @Test mutating func `a runner that leaves the rest of the tree alone is killed`() {
    _ = actions(after: Self.started, Self.exited)
    #expect(actions(after: .stopOverdue) == [.killRunner])
  }

  @Test mutating func `who is being stopped has the whole grace, even after its own process has ended`() {
    _ = actions(after: Self.started, .cancelled)
    #expect(actions(after: Self.exited) == [])
  }

  @Test mutating func `a consumer's error stops the command and is what the caller gets`() {
    #expect(actions(after: Self.started, .outputRefused(Broken())) == [.startTimers, .prepareNextRunner, .requestStop])
    _ = actions(after: Self.exited, Self.gone, .outputEnded)
    #expect(throws: Broken()) { try lifecycle.conclusion() }
  }

  @Test mutating func `a consumer's error is not lost when the command has ended already`() {
    #expect(
      actions(after: Self.started, Self.exited, .outputRefused(Broken())) == [
        .startTimers, .prepareNextRunner, .awaitTree,
      ]
    )
    _ = actions(after: Self.gone, .outputEnded)
    #expect(throws: Broken()) { try lifecycle.conclusion() }
  }

  @Test mutating func `a runner takes another command when nothing is left of its own`() {
    _ = actions(after: Self.started, Self.exited)
    #expect(!lifecycle.leavesRunnerIdle)
    _ = actions(after: Self.gone)
    #expect(lifecycle.leavesRunnerIdle)
  }

  @Test mutating func `a runner that was killed takes no other command, also when it had just finished`() {
    _ = actions(after: Self.started, Self.exited, .stopOverdue, Self.gone)
    #expect(!lifecycle.leavesRunnerIdle)
  }

  @Test mutating func `a runner that could not start its command, or is lost, takes no other one`() {
    _ = actions(after: .failed(ExecutionError(code: .infrastructure, message: "")))
    #expect(!lifecycle.leavesRunnerIdle)
    lifecycle = Lifecycle()
    _ = actions(after: Self.started, .runnerEnded, .orphansKilled(1))
    #expect(!lifecycle.leavesRunnerIdle)
  }
}
