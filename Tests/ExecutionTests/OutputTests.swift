import Execution
import Foundation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1)))
struct OutputTests {
  @Test func `stdout and stderr keep their order`() async throws {
    let bench = try Workbench()
    try await bench.run("i=0; while [ $i -lt 300 ]; do echo out $i; echo err $i >&2; i=$((i+1)); done")
    #expect(bench.output == (0..<300).map { "out \($0)\nerr \($0)\n" }.joined())
  }

  @Test func `bytes arrive as they were written`() async throws {
    let bench = try Workbench()
    let bytes = (0..<200_000).map { _ in UInt8.random(in: 0...255) }
    try Data(bytes).write(to: URL(fileURLWithPath: bench.directory + "/bytes"))
    try await bench.run("cat bytes")
    #expect(bench.bytes == bytes)
  }

  @Test func `256 MiB without a newline need no more than a buffer`() async throws {
    let bench = try Workbench()
    let total = Mutex(0)
    let largest = Mutex(0)
    let before = try residentBytes()
    let peak = Mutex(0)
    _ = try await bench.runner.run(bench.script("head -c 268435456 /dev/zero")) { chunk in
      total.withLock { $0 += chunk.count }
      largest.withLock { $0 = max($0, chunk.count) }
      let resident = try residentBytes()
      peak.withLock { $0 = max($0, resident) }
    }
    #expect(total.withLock { $0 } == 256 << 20)
    #expect(largest.withLock { $0 } <= 64 << 10)
    // Generous, because other tests run in this process at the same time.
    #expect(peak.withLock { $0 } - before < 128 << 20)
  }

  @Test func `a slow consumer holds the command up`() async throws {
    let bench = try Workbench()
    let release = AsyncStream.makeStream(of: Void.self)
    let total = Mutex(0)
    let running = Task {
      try await bench.runner.run(bench.script("echo $$ > pid; exec head -c 1048576 /dev/zero")) { chunk in
        if total.withLock({ $0 }) == 0 { for await _ in release.stream { break } }
        total.withLock { $0 += chunk.count }
      }
    }
    try await eventually("the command waits in write") {
      let pid = try? String(contentsOfFile: bench.directory + "/pid", encoding: .utf8)
      guard let pid = pid?.trimmingCharacters(in: .newlines), !pid.isEmpty else { return false }
      return try String(contentsOfFile: "/proc/\(pid)/wchan", encoding: .utf8).contains("pipe_write")
    }
    #expect(total.withLock { $0 } == 0)
    release.continuation.finish()
    #expect(try await running.value.ending == .exited(0))
    #expect(total.withLock { $0 } == 1 << 20)
  }

  @Test func `a consumer that throws stops the command`() async throws {
    struct Full: Error {}
    let bench = try Workbench()
    await #expect(throws: Full.self) {
      try await bench.runner.run(bench.script("while :; do echo x; done")) { _ in throw Full() }
    }
    #expect(try bench.survivors() == [])
  }

  @Test func `the end does not wait for somebody outside the tree who holds the pipe`() async throws {
    let bench = try Workbench()
    let held = Mutex<FileHandle?>(nil)
    let gate = try bench.gate("gate")
    let running = Task { try await bench.run("echo $$ > pid; echo ready; read line < gate; echo last words") }
    try await bench.hasWritten("ready")
    let pid = try String(contentsOfFile: bench.directory + "/pid", encoding: .utf8).trimmingCharacters(in: .newlines)
    held.withLock { $0 = FileHandle(forWritingAtPath: "/proc/\(pid)/fd/1") }
    try #require(held.withLock { $0 != nil })
    gate.open()
    #expect(try await running.value.ending == .exited(0))
    #expect(bench.output == "ready\nlast words\n")
  }

  private func residentBytes() throws -> Int {
    let fields = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
    return try #require(Int(fields[1])) * 4096
  }
}
