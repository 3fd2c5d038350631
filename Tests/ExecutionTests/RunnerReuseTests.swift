import Foundation
import Glibc
import Testing

@testable import Execution

/// One runner takes one command after the other, and none of them feels the one before.
@Suite(.timeLimit(.minutes(1)))
struct RunnerReuseTests {
  @Test func `a runner takes the next command when nothing is left of the last one`() async throws {
    let bench = try Workbench()
    for _ in 1...5 { try await bench.run("echo $PPID; (setsid sleep 1000 &)", limits: Limits(leftoverGrace: .zero)) }
    let runners = bench.output.split(separator: "\n")
    #expect(runners.count == 5)
    #expect(Set(runners).count == 1)
    #expect(try bench.survivors() == [])
  }

  @Test func `a command finds the same surroundings, whatever the one before did to its own`() async throws {
    // How many signals are queued is a matter of the user, whatever process they wait for.
    let look = "pwd; umask; ulimit -a; ls /proc/self/fd | wc -l; grep 'Sig[^Q]' /proc/self/status; nice"
    let spoil = "umask 077; ulimit -n 20; cd /; trap '' TERM INT HUP; renice 5 $$; exec 7< /etc/passwd"
    let bench = try Workbench()
    try await bench.run(look)
    let first = bench.output
    try await bench.run(spoil + " > /dev/null 2>&1")
    let before = bench.output
    try await bench.run(look)
    #expect(!first.isEmpty)
    #expect(bench.output == before + first)
  }

  @Test func `usage is that of one command, not of all that its runner ran`() async throws {
    let bench = try Workbench()
    let large = try await bench.run("dd if=/dev/zero of=/dev/null bs=200M count=1 2> /dev/null")
    let small = try await bench.run("exit 0")
    #expect(large.usage.maximumResidentKiB > 150_000)
    #expect(small.usage.maximumResidentKiB < 50_000)
    #expect(small.usage.systemTime < large.usage.systemTime)
  }

  @Test func `nobody reads what who still holds the output of an ended command writes into it`() async throws {
    let bench = try Workbench()
    let gate = try bench.gate("gate")
    let running = Task { try await bench.run("echo $$ > pid; read line < gate") }
    try await eventually("the command tells its number") {
      (try? String(contentsOfFile: bench.directory + "/pid", encoding: .utf8))?.hasSuffix("\n") == true
    }
    let pid = try String(contentsOfFile: bench.directory + "/pid", encoding: .utf8).dropLast()
    let held = unsafe open("/proc/\(pid)/fd/1", O_WRONLY | O_CLOEXEC)
    try #require(held >= 0)
    defer { close(held) }
    gate.open()
    _ = try await running.value
    try await bench.run("echo second")
    var look = pollfd(fd: held, events: Int16(POLLOUT), revents: 0)
    #expect(unsafe poll(&look, 1, 0) == 1)
    #expect(look.revents & Int16(POLLERR) != 0)
    #expect(bench.output == "second\n")
  }

  @Test func `after a command that could not start, the next one does`() async throws {
    let bench = try Workbench()
    let missing = Command(arguments: ["/no/such/program"], environment: [:], workingDirectory: "/")
    await #expect(throws: ExecutionError.self) { try await bench.run(missing) }
    #expect(try await bench.run("echo works").ending == .exited(0))
    #expect(bench.output == "works\n")
  }

  @Test func `to stop what has just ended does not stop the next one`() async throws {
    let bench = try Workbench()
    let runners = KeptRunners(at: try RunnerLocation.find(), limit: 1)
    let command = bench.script("exit 0")
    let (first, output) = try await runners.begin(RunnerConfiguration(command, Limits()))
    try await eventually("it has ended") { first.hasEnded(command) }
    first.requestStop(grace: .zero)
    output.close()
    runners.giveBack(first, isIdle: true)
    let (second, next) = try await runners.begin(RunnerConfiguration(bench.script("exec sleep 1000"), Limits()))
    #expect(second.pid == first.pid)
    try await eventually("the second runs") { try !bench.survivors().isEmpty }
    next.close()
    runners.giveBack(second, isIdle: false)
    try await eventually("nothing is left") { try bench.survivors().isEmpty }
  }

  @Test func `a runner that waits keeps no secret of its last command`() async throws {
    let bench = try Workbench()
    // In two parts, so that this file's text in memory is not what is looked for.
    let secret = ["hunter2", UUID().uuidString].joined(separator: "-")
    let runners = KeptRunners(at: try RunnerLocation.find(), limit: 1)
    let command = bench.script("exit 0", environment: ["TOKEN": secret])
    let (runner, output) = try await runners.begin(RunnerConfiguration(command, Limits()))
    try await eventually("it has ended") { runner.hasEnded(command) }
    output.close()
    runners.giveBack(runner, isIdle: true)
    let memory = try ProcessMemory(of: runner.pid)
    #expect(memory.contains("distci-runner is a part of distci"))
    #expect(!memory.contains(secret))
  }
}

extension RunnerProcess {
  /// Whether it has said the last that it says of a command; for runners that nobody follows.
  fileprivate func hasEnded(_ command: Command) -> Bool {
    guard case .record(let record) = receive() else { return false }
    return Lifecycle.Event(record, of: command)?.isLastOfRunner == true
  }
}

/// All that a process can read of its own memory, as root sees it.
private struct ProcessMemory {
  private var bytes: [UInt8] = []

  init(of pid: Int32) throws {
    let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: "/proc/\(pid)/mem"))
    let maps = try String(contentsOfFile: "/proc/\(pid)/maps", encoding: .utf8)
    for line in maps.split(separator: "\n") where !line.contains("[v") {
      let fields = line.split(separator: " ")
      let range = fields[0].split(separator: "-").compactMap { UInt64($0, radix: 16) }
      guard fields[1].hasPrefix("r"), range.count == 2 else { continue }
      try file.seek(toOffset: range[0])
      bytes += try file.read(upToCount: Int(range[1] - range[0])) ?? Data()
    }
  }

  func contains(_ text: String) -> Bool {
    Data(bytes).range(of: Data(text.utf8)) != nil
  }
}
