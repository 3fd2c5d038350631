import Synchronization

/// Folders for attempts that are to come: made beforehand, or left by an earlier attempt exactly as it found them.
///
/// Making and removing five directories is a good part of what a short task costs, most of all on file systems that are slow
/// to use an inode again; and most short tasks touch none of them.
final class SpareFolders: Sendable {
  /// A folder, and the lock that tells other processes that it is used.
  struct Spare: Sendable {
    var folder: AttemptFolder
    var lock: LockFile
    private let marks: [DirectoryMark]

    /// - Parameter folder: has just been made.
    init(_ folder: AttemptFolder, _ lock: LockFile) {
      self.folder = folder
      self.lock = lock
      marks = folder.directories.compactMap { DirectoryMark($0) }
    }

    /// Whether all that is done to it from now on will show.
    var isSettled: Bool { marks.allSatisfy(\.isSettled) }

    /// Whether nobody has done anything to it since it was made.
    var isUntouched: Bool { marks.count == folder.directories.count && marks.allSatisfy(\.stillHolds) }

    /// What cannot be removed stays, with a lock file that nobody holds.
    func remove() {
      guard (try? FilePaths.removeTree(folder.path)) != nil else { return }
      lock.remove()
    }
  }

  private let limit: Int
  /// Oldest first.
  private let spares = Mutex<[Spare]>([])

  /// - Parameter limit: how many are kept at most.
  init(limit: Int) {
    self.limit = limit
  }

  /// A folder in which nobody has done anything yet. Blocks briefly.
  func take() -> Spare? {
    let oldest = spares.withLock { spares in
      spares.first?.isSettled == true ? spares.removeFirst() : nil
    }
    guard let oldest else { return nil }
    if oldest.isUntouched { return oldest }
    // Somebody has cleaned up by hand.
    oldest.remove()
    return nil
  }

  /// Takes back a folder that was settled when its attempt began, if it was not touched since. Blocks briefly.
  func keepUntouched(_ spare: Spare) -> Bool { limit > 0 && spare.isUntouched && keep(spare) }

  /// Removes a folder, and keeps another one in its place. Blocks.
  func replace(_ spare: Spare, make: () throws -> Spare) {
    spare.remove()
    guard spares.withLock({ $0.count < limit }), let next = try? make(), !keep(next) else { return }
    next.remove()
  }

  private func keep(_ spare: Spare) -> Bool {
    spares.withLock { spares in
      guard spares.count < limit else { return false }
      spares.append(spare)
      return true
    }
  }

  /// Removes them all. Blocks.
  func removeAll() {
    while let spare = spares.withLock({ $0.popLast() }) { spare.remove() }
  }
}
