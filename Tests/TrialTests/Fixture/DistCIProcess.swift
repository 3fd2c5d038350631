import Foundation
import Glibc
import Synchronization
import Testing

/// A `distci` process in the hands of a test.
final class DistCIProcess: Sendable, CustomStringConvertible {
  let description: String
  private let process: ChildProcess
  private let output: String
  private let errors: String
  private let killed = Mutex(false)

  /// The programs are built beside the tests.
  static let program: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/distci"
  }()

  /// - Parameter transcript: the path, without an ending, of the files that take what it writes.
  init(_ arguments: [String], environment: [String: String], transcript: String) throws {
    description = "distci " + arguments.prefix(3).joined(separator: " ")
    output = transcript + ".out"
    errors = transcript + ".err"
    for path in [output, errors] { try Data().write(to: URL(fileURLWithPath: path)) }
    process = try ChildProcess(
      [DistCIProcess.program] + arguments, environment: environment, output: output, errors: errors)
  }

  var pid: pid_t { process.pid }
  var isRunning: Bool { process.isRunning }
  /// Whether a trial killed it, or a failpoint did.
  var wasKilled: Bool { killed.withLock { $0 } || process.end == .signalled(SIGKILL) }

  /// When it ended, however it did.
  var died: ContinuousClock.Instant? { process.ended }

  /// What it has written to standard output.
  var text: String { (try? String(contentsOfFile: output, encoding: .utf8)) ?? "" }
  /// What it has written to standard error: the log of a server.
  var log: String { (try? String(contentsOfFile: errors, encoding: .utf8)) ?? "" }

  /// Waits until it has logged a line that contains these words for the nth time, and returns the line.
  @discardableResult
  func logged(_ words: String, times: Int = 1) async throws -> String {
    var found: [Substring] = []
    try await eventually("\(self) logs '\(words)'") {
      found = log.split(separator: "\n").filter { $0.contains(words) }
      guard found.count < times else { return true }
      try #require(isRunning, "\(self) ended: \(log)")
      return false
    }
    return String(found[times - 1])
  }

  /// Waits until it has logged a line that contains these words, or is gone.
  ///
  /// - Returns: whether it is there.
  func logsOrDies(_ words: String) async throws -> Bool {
    try await eventually("\(self) logs '\(words)', or dies") { !isRunning || log.contains(words) }
    return isRunning
  }

  func signal(_ number: Int32) {
    // The number may be another's once it has ended.
    if isRunning { Glibc.kill(pid, number) }
  }

  /// Freezes it, and returns when it is frozen.
  func freeze() async throws {
    signal(SIGSTOP)
    try await eventually("\(self) is frozen") { ProcessTable.state(of: pid) == "T" }
  }

  func thaw() { signal(SIGCONT) }

  /// Kills it as the kernel does when memory is short, and returns when it is gone.
  func kill() async throws {
    killed.withLock { $0 = true }
    signal(SIGKILL)
    try await eventually("\(self) is gone") { !isRunning }
  }

  /// Waits for its end by itself.
  ///
  /// - Returns: its exit status.
  func end() async throws -> Int32 {
    try await eventually("\(self) ends") { !isRunning }
    guard case .exited(let status) = process.end else {
      Issue.record("\(self) \(process.end.map { "\($0)" } ?? ""): \(log)")
      return -1
    }
    return status
  }
}
