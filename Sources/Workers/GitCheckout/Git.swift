import Execution
import Model
import Synchronization

/// Runs git for one attempt.
struct Git: Sendable {
  private let runner: CommandRunner
  private let environment: [String: String]
  private let workingDirectory: String
  private let deadline: ContinuousClock.Instant
  private let grace: Duration
  /// In the words in which git repeats it.
  private let quoted: [String]

  /// Bytes of its output that are kept: more than a command writes that succeeds.
  private let outputSize: Int

  static let usualOutput = 64 << 10

  /// - Parameters:
  ///   - address: of the repository that it is all about.
  ///   - timeout: for all commands together, in seconds.
  ///   - outputSize: see above.
  init(
    _ configuration: WorkerConfiguration, _ runner: CommandRunner, _ folder: AttemptFolder,
    _ address: RepositoryAddress,
    timeout: Int, outputSize: Int = usualOutput
  ) {
    self.runner = runner
    self.outputSize = outputSize
    environment = GitEnvironment.of(home: folder.home, configuration, isLocal: address.isLocal)
    quoted = Self.spellings(of: address.text)
    workingDirectory = folder.workspace
    deadline = .now + .seconds(timeout)
    grace = configuration.grace
  }

  /// Longest first. Without a scheme, as for a local path; and what ssh repeats, the path alone.
  private static func spellings(of address: String) -> [String] {
    let withoutScheme = address.split(separator: "://", maxSplits: 1).last.map(String.init) ?? address
    let path = withoutScheme.firstIndex { $0 == "/" || $0 == ":" }.map { String(withoutScheme[$0...].dropFirst()) }
    return [address, withoutScheme] + (path.map { [$0] } ?? [])
  }

  /// Runs a command to its end.
  ///
  /// - Parameters:
  ///   - lock: a file to be locked meanwhile. The waiting is done by the command's process, so it can be stopped like git
  ///     itself.
  /// - Returns: what it wrote; the end of it, when that is long.
  /// - Throws: ``GitError`` when it did not succeed; ``GitTimeout``; `CancellationError`.
  @discardableResult
  func run(_ arguments: [String], in directory: String? = nil, lock: GitLock? = nil) async throws -> String {
    let bytes = try await runProgram(command(arguments, in: directory), name: arguments.first ?? "", lock)
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The same, with what it wrote as it is: all of it.
  ///
  /// - Throws: ``GitOutputTooLong`` as soon as it writes more than is kept, and then it is stopped.
  func bytes(_ arguments: [String], in directory: String? = nil, lock: GitLock? = nil) async throws -> [UInt8] {
    try await runProgram(command(arguments, in: directory), name: arguments.first ?? "", lock, isWhole: true)
  }

  private func command(_ arguments: [String], in directory: String?) -> [String] {
    ["git"] + (directory.map { ["-C", $0] } ?? []) + arguments
  }

  /// Clones a repository of ours on this machine, wherever its content came from.
  func cloneLocally(_ arguments: [String], lock: GitLock) async throws {
    let permission = ["env", "GIT_ALLOW_PROTOCOL=\(RepositoryAddress.Transport.file.rawValue)"]
    try await runProgram(permission + ["git", "clone", "--local"] + arguments, name: "clone", lock)
  }

  /// Removes a repository while it is locked.
  func remove(_ path: String, lock: GitLock) async throws {
    try await runProgram(["rm", "-rf", "--", path], name: "rm", lock)
  }

  /// Removes the lock files that git left in a repository. No ref's file has such a name.
  ///
  /// - Returns: whether there were any.
  func removeLockFiles(in path: String, lock: GitLock) async throws -> Bool {
    let removal = ["find", path, "-name", "*.lock", "-type", "f", "-print", "-delete"]
    return try await !runProgram(removal, name: "find", lock).isEmpty
  }

  @discardableResult
  private func runProgram(
    _ arguments: [String], name: String, _ lock: GitLock?, isWhole: Bool = false
  ) async throws -> [UInt8] {
    let command = Command(
      arguments: (lock?.arguments ?? []) + arguments, environment: environment, workingDirectory: workingDirectory)
    let output = Mutex<[UInt8]>([])
    let outputSize = outputSize
    let limits = Limits(total: max(.zero, ContinuousClock.now.duration(to: deadline)), grace: grace)
    let completion = try await runner.run(command, limits: limits) { chunk in
      try output.withLock { output in
        output += chunk
        guard output.count > outputSize else { return }
        if isWhole { throw GitOutputTooLong() }
        output.removeFirst(output.count - outputSize)
      }
    }
    let written = output.withLock { $0 }
    if completion.ending == .exited(0) { return written }
    let text = String(decoding: written, as: UTF8.self)
    switch completion.ending {
    case .exited(let status): throw GitError(name, "exited with status \(status)", output: text, quoting: quoted)
    case .signalled(let signal):
      throw GitError(name, "was killed by signal \(SignalName.of(signal))", output: text, quoting: quoted)
    case .timedOut: throw GitTimeout()
    case .cancelled: throw CancellationError()
    }
  }
}

/// A command wrote more than anybody wants to read.
struct GitOutputTooLong: Error {}

/// All the time that the task has for git is over.
struct GitTimeout: Error {}

/// A file that is locked while a command runs.
enum GitLock: Sendable {
  case exclusive(String)
  case shared(String)

  var arguments: [String] {
    switch self {
    case .exclusive(let path): ["flock", "--exclusive", path]
    case .shared(let path): ["flock", "--shared", path]
    }
  }
}
