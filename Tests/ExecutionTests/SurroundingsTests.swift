import Execution
import Testing

@Suite(.timeLimit(.minutes(1)))
struct SurroundingsTests {
  @Test func `the environment is exactly what was given`() async throws {
    let bench = try Workbench()
    let given = ["A": "1", "EMPTY": "", "EQUALS": "a=b", "LINES": "x\ny", "Ünï": "cødé"]
    try await bench.run(Command(arguments: ["/usr/bin/env", "-0"], environment: given, workingDirectory: "/"))
    #expect(Set(bench.output.split(separator: "\0")) == ["A=1", "EMPTY=", "EQUALS=a=b", "LINES=x\ny", "Ünï=cødé"])
  }

  @Test func `an empty environment is empty`() async throws {
    let bench = try Workbench()
    try await bench.run(Command(arguments: ["/usr/bin/env"], environment: [:], workingDirectory: "/"))
    #expect(bench.output == "")
  }

  @Test func `arguments arrive unchanged`() async throws {
    let bench = try Workbench()
    let arguments = ["", " ", "a b", "'\"$HOME", "*", "line\nline", "--", "\u{1F600}"]
    let command = Command(
      arguments: ["/usr/bin/printf", "%s|"] + arguments,
      environment: [:],
      workingDirectory: "/"
    )
    try await bench.run(command)
    #expect(bench.output == arguments.map { $0 + "|" }.joined())
  }

  @Test func `an environment of a hundred kilobytes arrives`() async throws {
    let bench = try Workbench()
    let large = String(repeating: "x", count: 100_000)
    try await bench.run(bench.script("printf %s \"$LARGE\" | wc -c", environment: ["LARGE": large]))
    #expect(bench.output == "100000\n")
  }

  @Test func `the command starts in its working directory`() async throws {
    let bench = try Workbench()
    try await bench.run("pwd -P")
    #expect(bench.output == bench.directory + "\n")
  }

  @Test func `nothing but the three standard descriptors is open, and stdin is empty`() async throws {
    let bench = try Workbench()
    try await bench.run(
      """
      cat
      readlink /proc/$$/fd/0
      i=1; while [ $i -lt 1000 ]; do [ -e /proc/$$/fd/$i ] && echo $i; i=$((i+1)); done
      [ /proc/$$/fd/1 -ef /proc/$$/fd/2 ] && echo same
      """
    )
    #expect(bench.output == "/dev/null\n1\n2\nsame\n")
  }

  @Test func `no signal is blocked or ignored`() async throws {
    let bench = try Workbench()
    try await bench.run(
      Command(
        arguments: ["/bin/grep", "-E", "Sig(Blk|Ign)", "/proc/self/status"],
        environment: [:],
        workingDirectory: "/"
      )
    )
    #expect(bench.output == "SigBlk:\t0000000000000000\nSigIgn:\t0000000000000000\n")
  }

  @Test func `the command leads a session and a process group of its own`() async throws {
    let bench = try Workbench()
    try await bench.run(
      Command(arguments: ["/bin/cat", "/proc/self/stat"], environment: [:], workingDirectory: "/")
    )
    let fields = bench.output.split(separator: " ")
    #expect(fields[0] == fields[4])
    #expect(fields[0] == fields[5])
  }

  @Test func `there are no core files, and limits are passed on`() async throws {
    let bench = try Workbench()
    let limits = Limits(resources: [
      ResourceLimit(.openFiles, soft: 100, hard: 123), ResourceLimit(.fileSize, 1 << 20),
    ])
    try await bench.run("ulimit -c; ulimit -Sn; ulimit -Hn; ulimit -f", limits: limits)
    #expect(bench.output == "0\n100\n123\n2048\n")
  }

  @Test(arguments: [
    Command(arguments: [], environment: [:], workingDirectory: "/"),
    Command(arguments: [""], environment: [:], workingDirectory: "/"),
    Command(arguments: ["/bin/echo", "a\0b"], environment: [:], workingDirectory: "/"),
    Command(arguments: ["/bin/true"], environment: ["": "x"], workingDirectory: "/"),
    Command(arguments: ["/bin/true"], environment: ["A=B": "x"], workingDirectory: "/"),
    Command(arguments: ["/bin/true"], environment: ["A": "\0"], workingDirectory: "/"),
    Command(arguments: ["/bin/true"], environment: [:], workingDirectory: "relative"),
    Command(arguments: ["/bin/true", String(repeating: "x", count: 5 << 20)], environment: [:], workingDirectory: "/"),
  ])
  func `what no system call could take is refused`(command: Command) async throws {
    let bench = try Workbench()
    let error = try await #require(throws: ExecutionError.self) { try await bench.run(command) }
    #expect(error.code == .invalidCommand)
  }

  @Test func `an argument that is too long for the kernel is an error of the command`() async throws {
    let bench = try Workbench()
    let long = Command(
      arguments: ["/bin/true", String(repeating: "x", count: 1 << 20)],
      environment: [:],
      workingDirectory: "/"
    )
    let error = try await #require(throws: ExecutionError.self) { try await bench.run(long) }
    #expect(error.code == .notStarted(.execute))
    #expect(error.errorNumber == 7)
  }
}
