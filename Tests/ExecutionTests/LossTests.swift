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

  @Test func `the worker dies: the runner ends the tree and itself`() async throws {
    let bench = try Workbench()
    let configuration = try RunnerConfiguration(bench.script(Self.stubborn), Limits(grace: .seconds(1000)))
    let process = try await RunnerProcess.spawn(at: RunnerLocation.find(), configuration)
    try await eventually("the tree is complete") { try bench.survivors().count >= 6 }
    // What the kernel does for a worker that is killed.
    process.control.close()
    await process.reap()
    #expect(try bench.survivors() == [])
    process.output.close()
    process.end.close()
  }
}
