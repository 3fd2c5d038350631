import Execution
import Testing

@Suite(.timeLimit(.minutes(1)))
struct EndingTests {
  @Test(arguments: [0, 1, 2, 42, 126, 127, 128, 143, 255] as [UInt8])
  func `an exit status is reported exactly`(status: UInt8) async throws {
    #expect(try await Workbench().run("exit \(status)").ending == .exited(status))
  }

  @Test(arguments: [1, 2, 3, 6, 9, 10, 11, 13, 14, 15] as [Int32])
  func `a signal is not an exit status`(signal: Int32) async throws {
    #expect(try await Workbench().run("kill -\(signal) $$").ending == .signalled(signal))
  }

  @Test func `a program that is missing is an error of its own`() async throws {
    let error = try await failure(of: ["/no/such/program"])
    #expect(error.code == .notStarted(.execute))
    #expect(error.errorNumber == 2)
    #expect(error.message.contains("'/no/such/program'"))
  }

  @Test func `a name is looked up in the command's own PATH`() async throws {
    let bench = try Workbench()
    #expect(try await bench.run(command(["true"], path: "/nowhere::/usr/bin:/bin")).ending == .exited(0))
    #expect(try await failure(of: ["true"], path: "/nowhere").errorNumber == 2)
    #expect(try await failure(of: ["true"], path: nil).errorNumber == 2)
  }

  @Test func `a file that may not be executed is told from one that is missing`() async throws {
    #expect(try await failure(of: ["/etc/passwd"]).errorNumber == 13)
    #expect(try await failure(of: ["passwd"], path: "/etc:/nowhere").errorNumber == 13)
  }

  @Test func `a working directory that is missing is an error of its own`() async throws {
    let bench = try Workbench()
    let command = Command(arguments: ["/bin/true"], environment: [:], workingDirectory: "/no/such/place")
    let error = try await #require(throws: ExecutionError.self) { try await bench.run(command) }
    #expect(error.code == .notStarted(.workingDirectory))
    #expect(error.errorNumber == 2)
  }

  @Test func `a limit that cannot be set is an error of its own`() async throws {
    let bench = try Workbench()
    let limits = Limits(resources: [ResourceLimit(.openFiles, soft: 20, hard: 10)])
    let error = try await #require(throws: ExecutionError.self) { try await bench.run("true", limits: limits) }
    #expect(error.code == .notStarted(.resourceLimits))
  }

  @Test func `a runner that is missing is named, with the remedy`() throws {
    let error = try #require(throws: ExecutionError.self) { try RunnerLocation(checking: "/no/distci-runner") }
    #expect(error.code == .infrastructure)
    #expect(error.message.contains("/no/distci-runner"))
    #expect(error.message.contains("DISTCI_RUNNER"))
  }

  @Test func `time and usage belong to the command and all that it started`() async throws {
    let completion = try await Workbench().run("sh -c 'i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done'")
    #expect(completion.usage.userTime + completion.usage.systemTime > .milliseconds(1))
    #expect(completion.usage.maximumResidentKiB > 100)
    #expect(completion.elapsed > .zero)
    #expect(completion.elapsed < .seconds(30))
  }

  private func command(_ arguments: [String], path: String?) -> Command {
    Command(arguments: arguments, environment: path.map { ["PATH": $0] } ?? [:], workingDirectory: "/")
  }

  private func failure(of arguments: [String], path: String? = "/usr/bin:/bin") async throws -> ExecutionError {
    let bench = try Workbench()
    return try await #require(throws: ExecutionError.self) { try await bench.run(command(arguments, path: path)) }
  }
}
