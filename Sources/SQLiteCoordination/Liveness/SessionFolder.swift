import Coordination
import Glibc

/// A folder with one file per session, locked as long as the session lives: the kernel closes it when the process dies,
/// and those who listen to the folder hear that at once. One more file, the bell, is opened and closed after each commit,
/// for the same listeners; nothing is ever written to it, so that ringing costs no disk.
///
/// The write-ahead log cannot be listened to instead: a commit writes it first, and becomes visible later.
struct SessionFolder: Sendable {
  static let suffix = ".lock"
  let path: String
  private var bell: String { "\(path)/bell" }

  /// Makes the folders where they are missing, for this user alone.
  init(inside store: String) throws {
    path = "\(store)/sessions"
    try Self.makeFolder(store)
    try Self.makeFolder(path)
    try Self.ring(bell)
  }

  /// The session whose file has the given name.
  static func session(of name: String) -> SessionID? {
    guard name.hasSuffix(suffix) else { return nil }
    return Int64(name.dropLast(suffix.count)).map(SessionID.init(rawValue:))
  }

  private func file(of session: SessionID) -> String {
    "\(path)/\(session.rawValue)\(Self.suffix)"
  }

  /// Starts a session's life. To be called inside the write transaction that inserts the session, so that nobody sees the
  /// session without its lock.
  func begin(_ session: SessionID) throws -> FileLock {
    guard let lock = try FileLock.now(file(of: session)) else {
      throw CoordinationError(
        .refused, message: "\(file(of: session)) is locked by somebody else: restart that process")
    }
    return lock
  }

  /// A dead session's file, locked, or `nil` when the session lives. To be called inside a write transaction: there is one
  /// at a time, so that two who look do not take each other for the owner.
  func remains(of session: SessionID) throws -> Remains? {
    guard unsafe access(file(of: session), F_OK) == 0 || errno != ENOENT else { return Remains(lock: nil) }
    return try FileLock.now(file(of: session), .silent).map { Remains(lock: $0) }
  }

  struct Remains: Sendable {
    /// `nil` when even the file is gone.
    var lock: FileLock?
  }

  /// Removes the file of a session that is over.
  func remove(_ session: SessionID) {
    unsafe unlink(file(of: session))
  }

  /// Tells those who listen that there was a commit.
  func ring() {
    try? Self.ring(bell)
  }

  /// The sessions that have a file.
  func sessions() -> [SessionID] {
    guard let folder = unsafe opendir(path) else { return [] }
    defer { unsafe closedir(folder) }
    var found: [SessionID] = []
    while let entry = unsafe readdir(folder) {
      let name = unsafe withUnsafeBytes(of: entry.pointee.d_name) {
        unsafe String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
      }
      if let session = Self.session(of: name) { found.append(session) }
    }
    return found
  }

  private static func ring(_ bell: String) throws {
    let descriptor = unsafe open(bell, O_WRONLY | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CoordinationError(errno: errno, opening: bell) }
    close(descriptor)
  }

  private static func makeFolder(_ path: String) throws {
    guard unsafe mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw CoordinationError(errno: errno, opening: path)
    }
  }
}
