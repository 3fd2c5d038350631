import Foundation
import Glibc
import Synchronization

/// A process that is started hundreds of times, by many threads at once, and has no descriptor of ours but those that it is
/// given. (Foundation's `Process` lets memory be damaged in such use, and takes a child for running while somebody whom it
/// started is.)
final class ChildProcess: Sendable {
  enum End: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  let pid: pid_t
  private let state = Mutex<(end: End, at: ContinuousClock.Instant)?>(nil)

  /// - Parameters:
  ///   - arguments: the first is the program's path.
  ///   - output: the file that takes its standard output. It must be there.
  init(_ arguments: [String], environment: [String: String], output: String, errors: String) throws {
    pid = try Self.spawn(arguments, environment.map { "\($0.key)=\($0.value)" }, output, errors)
    Thread.detachNewThread { [self] in
      let end = Self.wait(for: pid)
      state.withLock { $0 = (end, .now) }
    }
  }

  /// `nil` while it runs.
  var end: End? { state.withLock { $0?.end } }
  /// When it ended.
  var ended: ContinuousClock.Instant? { state.withLock { $0?.at } }
  var isRunning: Bool { end == nil }

  private typealias CloseFrom = @convention(c) (UnsafeMutablePointer<posix_spawn_file_actions_t>, Int32) -> Int32

  /// Of the C library since 2.34, but hidden from Swift: its headers show it to GNU sources only.
  private static let closeFrom: CloseFrom = unsafe unsafeBitCast(
    dlsym(nil, "posix_spawn_file_actions_addclosefrom_np"), to: CloseFrom.self)

  private static func spawn(
    _ arguments: [String], _ environment: [String], _ output: String, _ errors: String
  ) throws -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 1, output, O_WRONLY | O_APPEND, 0)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_APPEND, 0)
    _ = unsafe closeFrom(&actions, 3)
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe posix_spawnattr_setsigmask(&attributes, &signals)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var variables = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (words + variables).forEach { unsafe free($0) } }
    var pid = pid_t()
    let error = unsafe posix_spawn(&pid, arguments[0], &actions, &attributes, &words, &variables)
    guard error == 0 else { throw POSIXError(POSIXErrorCode(rawValue: error) ?? .EIO) }
    return pid
  }

  /// Blocks its thread.
  private static func wait(for pid: pid_t) -> End {
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    return signal == 0 ? .exited((status >> 8) & 0xFF) : .signalled(signal)
  }
}
