import Glibc

/// How a directory was when it had just been made: tells whether anybody has done anything to it since.
struct DirectoryMark: Sendable {
  private struct State: Equatable {
    var device: dev_t
    var inode: ino_t
    var mode: mode_t
    var owner: uid_t
    var group: gid_t
    /// Moves on with every name that comes or goes, and with every change of permissions, owner and attributes.
    var changed: Time
    var modified: Time
    var links: nlink_t
    var size: off_t
  }

  private struct Time: Equatable {
    var seconds: Int
    var nanoseconds: Int

    init(_ time: timespec) { (seconds, nanoseconds) = (time.tv_sec, time.tv_nsec) }
  }

  /// Milliseconds. File systems' clocks stand still for some of them at a time.
  private static let coarseness = 50

  private let path: String
  private let state: State

  /// - Returns: `nil` when it is no directory.
  init?(_ path: String) {
    guard let state = Self.state(path) else { return nil }
    self.path = path
    self.state = state
  }

  /// Whether it is as it was.
  var stillHolds: Bool { Self.state(path) == state }

  /// Whether the mark is so old that every later change shows.
  var isSettled: Bool {
    var now = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &now) == 0 else { return false }
    let changed = state.changed
    return (now.tv_sec - changed.seconds) * 1_000 + (now.tv_nsec - changed.nanoseconds) / 1_000_000 >= Self.coarseness
  }

  private static func state(_ path: String) -> State? {
    var status = stat()
    guard unsafe lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return nil }
    return State(
      device: status.st_dev, inode: status.st_ino, mode: status.st_mode, owner: status.st_uid, group: status.st_gid,
      changed: Time(status.st_ctim), modified: Time(status.st_mtim), links: status.st_nlink, size: status.st_size)
  }
}
