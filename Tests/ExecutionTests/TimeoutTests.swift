import Execution
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct TimeoutTests {
  private let clock = ManualClock()

  @Test func `a command that runs too long is stopped`() async throws {
    let bench = try Workbench(clock: clock)
    let running = Task { try await bench.run("echo ready; sleep 1000", limits: Limits(total: .seconds(60))) }
    try await clock.sleeper(until: .seconds(60))
    try await bench.hasWritten("ready")
    clock.advance(by: .seconds(60))
    #expect(try await running.value.ending == .timedOut(.total))
    #expect(try bench.survivors() == [])
  }

  @Test func `a command that is silent too long is stopped, and output resets that time`() async throws {
    let bench = try Workbench(clock: clock)
    let gate = try bench.gate("gate")
    let running = Task {
      try await bench.run("echo ready; read line < gate; echo again; sleep 1000", limits: Limits(idle: .seconds(10)))
    }
    try await clock.sleeper(until: .seconds(10))
    try await bench.hasWritten("ready")
    clock.advance(by: .seconds(6))
    gate.open()
    try await bench.hasWritten("again")
    clock.advance(by: .seconds(4))
    // Silent since 6: neither stopped at 10, nor watched until then.
    try await clock.sleeper(until: .seconds(16))
    clock.advance(by: .seconds(6))
    #expect(try await running.value.ending == .timedOut(.idle))
  }

  @Test func `a command is not blamed for the silence of a slow consumer`() async throws {
    let bench = try Workbench(clock: clock)
    let release = AsyncStream.makeStream(of: Void.self)
    let isBlocked = Mutex(false)
    let running = Task {
      try await bench.runner.run(bench.script("echo ready"), limits: Limits(idle: .seconds(10))) { _ in
        isBlocked.withLock { $0 = true }
        for await _ in release.stream { break }
      }
    }
    try await clock.sleeper(until: .seconds(10))
    try await eventually("the consumer is blocked") { isBlocked.withLock { $0 } }
    clock.advance(by: .seconds(10))
    try await clock.sleeper(until: .seconds(20))
    release.continuation.finish()
    #expect(try await running.value.ending == .exited(0))
  }

  @Test func `who has ended by itself has not timed out, whatever it leaves behind`() async throws {
    let bench = try Workbench()
    let limits = Limits(total: .milliseconds(600), leftoverGrace: .milliseconds(1200))
    let completion = try await bench.run("trap '' TERM; sleep 1000 & exit 5", limits: limits)
    #expect(completion.ending == .exited(5))
    #expect(completion.killedSurvivors >= 1)
  }

  @Test func `real clocks work too`() async throws {
    let limits = Limits(total: .milliseconds(50), grace: .milliseconds(100))
    let completion = try await Workbench().run("trap '' TERM; while :; do sleep 10; done", limits: limits)
    #expect(completion.ending == .timedOut(.total))
    // A shell that was stopped before it could ask to be spared TERM needs no grace.
    #expect(completion.elapsed >= .milliseconds(50))
    // The command would never end; a machine under load takes its time to end it.
    #expect(completion.elapsed < .seconds(30))
  }
}
