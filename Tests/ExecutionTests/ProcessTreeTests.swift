import Execution
import Glibc
import Testing

/// Everything that a command starts ends with it, however it tries to stay.
@Suite(.timeLimit(.minutes(1)))
struct ProcessTreeTests {
  /// Ignores SIGTERM, leaves the session, forks twice, ignores SIGHUP, is stopped, waits.
  private static let stubborn = """
    trap '' TERM
    sh -c 'trap "" TERM; while :; do sleep 100; done' &
    (setsid sh -c 'trap "" TERM; (while :; do sleep 100; done) & sleep 1000' &)
    nohup sleep 1000 > nohup.out 2>&1 &
    setsid sh -c 'kill -STOP $$; sleep 1000' &
    (setsid setsid sleep 1000 > /dev/null 2>&1 &)

    """

  @Test func `a cancelled command is gone with all its descendants`() async throws {
    let bench = try Workbench()
    let limits = Limits(grace: .milliseconds(300))
    let running = Task {
      try await bench.run(Self.stubborn + "echo ready; while :; do sleep 100; done", limits: limits)
    }
    try await bench.hasWritten("ready")
    let cancelled = ContinuousClock.now
    running.cancel()
    let completion = try await running.value
    // None of them would end by itself; a machine under load takes its time to end them.
    #expect(ContinuousClock.now - cancelled < .seconds(30))
    #expect(completion.ending == .cancelled)
    #expect(completion.killedSurvivors >= 2)
    #expect(try bench.survivors() == [])
  }

  @Test func `what a command leaves behind is gone when it is done`() async throws {
    let bench = try Workbench()
    let completion = try await bench.run(Self.stubborn + "exit 7", limits: Limits(leftoverGrace: .milliseconds(200)))
    #expect(completion.ending == .exited(7))
    #expect(completion.killedSurvivors >= 2)
    #expect(try bench.survivors() == [])
  }

  @Test func `a descendant that holds the output does not hold up the end`() async throws {
    let bench = try Workbench()
    let began = ContinuousClock.now
    let completion = try await bench.run("sleep 1000 & exit 0", limits: Limits(leftoverGrace: .seconds(30)))
    #expect(completion.ending == .exited(0))
    #expect(completion.killedSurvivors == 0)
    #expect(ContinuousClock.now - began < .seconds(10))
  }

  @Test func `a command that is being stopped has its last word`() async throws {
    let bench = try Workbench()
    let running = Task {
      // A shell runs a trap between two commands. A wait without end would be begun in vain by one whose signal came
      // just before it, so none of these is. Of the sleep that ends by the signal, too, it would tell on stderr.
      try await bench.run(
        "exec 2>/dev/null; trap 'echo bye; exit 3' TERM; echo ready; while :; do sleep 0.05; done")
    }
    try await bench.hasWritten("ready")
    running.cancel()
    let completion = try await running.value
    #expect(completion.ending == .cancelled)
    #expect(bench.output == "ready\nbye\n")
  }

  @Test func `a task that was cancelled before starts nothing`() async throws {
    let bench = try Workbench()
    let (cancelled, cancel) = AsyncStream.makeStream(of: Void.self)
    let running = Task {
      // Ends when the task is cancelled.
      for await _ in cancelled {}
      return try await bench.run("echo started")
    }
    running.cancel()
    await #expect(throws: CancellationError.self) { try await running.value }
    cancel.finish()
    #expect(bench.output == "")
  }

  @Test func `a fork bomb ends`() async throws {
    let bench = try Workbench()
    // Each keeps forking children that leave the session, at most about 300 at a time.
    let bomb = """
      echo 'trap "" TERM; echo x; i=0; while [ $i -lt 6 ]; do i=$((i+1)); [ $1 -lt 3 ] && setsid sh bomb $(($1+1)) & done; wait; sleep 1000' > bomb
      exec sh bomb 0
      """
    let running = Task { try await bench.run(bomb, limits: Limits(grace: .zero)) }
    try await bench.hasWritten("x\nx\nx\nx\nx\nx\n")
    running.cancel()
    #expect(try await running.value.ending == .cancelled)
    #expect(try bench.survivors() == [])
  }

  @Test func `many commands run side by side`() async throws {
    try await withThrowingTaskGroup(of: (UInt8, Ending).self) { group in
      for status in 0..<60 as Range<UInt8> {
        group.addTask { (status, try await Workbench().run("echo \(status); exit \(status)").ending) }
      }
      for try await (status, ending) in group { #expect(ending == .exited(status)) }
    }
  }
}
