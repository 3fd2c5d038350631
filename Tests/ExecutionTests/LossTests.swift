import Foundation
import Glibc
import Testing

@testable import Execution

/// One side of the pair worker and runner is killed -9: the other one ends the tree.
@Suite(.timeLimit(.minutes(1)))
struct LossTests {
  private static let stubborn = """
    trap '' TERM
    (setsid sh -c 'trap "" TERM; while :; do sleep 100; done' > /dev/null 2>&1 &)
    sh -c 'trap "" TERM; while :; do sleep 100; done' &
    echo runner $PPID
    while :; do sleep 100; done
    """

  @Test func `the runner is killed: the worker ends the tree and reports no outcome`() async throws {
    try Subreaper.adopt()
    let bench = try Workbench()
    let running = Task { try await bench.run(Self.stubborn) }
    try await bench.hasWritten("\n")
    let runner = try #require(Int32(bench.output.split(separator: " ")[1].dropLast()))
    try await eventually("the tree is complete") { try bench.survivors().count >= 6 }
    #expect(kill(runner, SIGKILL) == 0)
    let error = try await #require(throws: ExecutionError.self) { try await running.value }
    #expect(error.code == .infrastructure)
    #expect(try bench.survivors() == [])
  }

  @Test func `the runner does not answer: the worker kills it, and ends the tree`() async throws {
    try Subreaper.adopt()
    let clock = ManualClock()
    let bench = try Workbench(clock: clock)
    let running = Task { try await bench.run(Self.stubborn, limits: Limits(grace: .seconds(20))) }
    try await bench.hasWritten("\n")
    let runner = try #require(Int32(bench.output.split(separator: " ")[1].dropLast()))
    #expect(kill(runner, SIGSTOP) == 0)
    running.cancel()
    try await clock.sleeper(until: .seconds(35))
    #expect(try !bench.survivors().isEmpty)
    clock.advance(by: .seconds(35))
    let error = try await #require(throws: ExecutionError.self) { try await running.value }
    #expect(error.code == .infrastructure)
    #expect(try bench.survivors() == [])
  }

  @Test func `a spare runner is killed: the next command gets another one`() async throws {
    let bench = try Workbench()
    let spares = KeptRunners(at: try RunnerLocation.find(), limit: 1)
    spares.replenish()
    try await eventually("a runner waits") { spares.waiting.count == 1 }
    let first = spares.waiting[0].pid
    #expect(kill(first, SIGKILL) == 0)
    // Until it is dead: a runner is not reaped before somebody lets go of it.
    try await eventually("it is dead") {
      try String(contentsOfFile: "/proc/\(first)/stat", encoding: .utf8).contains(") Z ")
    }
    let (process, output) = try await spares.begin(RunnerConfiguration(bench.script("exec sleep 1000"), Limits()))
    #expect(process.pid != first)
    try await eventually("the command runs") { try !bench.survivors().isEmpty }
    output.close()
    spares.giveBack(process, isIdle: false)
    try await eventually("the command is gone") { try bench.survivors().isEmpty }
  }

  @Test func `spare runners end with who keeps them`() async throws {
    var spares: KeptRunners? = KeptRunners(at: try RunnerLocation.find(), limit: 2)
    spares?.replenish()
    spares?.replenish()
    try await eventually("one waits") { spares?.waiting.count == 1 }
    let pids = spares?.waiting.map(\.pid) ?? []
    spares = nil
    try await eventually("they are gone") { pids.allSatisfy { kill($0, 0) != 0 } }
  }

  @Test func `the worker dies: the runner ends the tree and itself`() async throws {
    let bench = try Workbench()
    let configuration = try RunnerConfiguration(bench.script(Self.stubborn), Limits(grace: .seconds(1000)))
    let process = try await RunnerProcess.spawn(at: RunnerLocation.find())
    let output = try process.begin(configuration)
    try await eventually("the tree is complete") { try bench.survivors().count >= 6 }
    // Closes the control socket, like the kernel for a worker that is killed.
    process.dismiss()
    output.close()
    try await eventually("the tree is gone") { try bench.survivors().isEmpty }
  }
}
