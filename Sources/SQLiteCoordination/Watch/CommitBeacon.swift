import Coordination
import Glibc
import Synchronization

/// A number in memory that all processes of the store share: which commit is the newest, or that one is being made.
///
/// It is twice the newest commit's number; or, from before a commit can be seen until it is over, an odd number that no other
/// commit ever has. So who finds twice the number of the commit that it knows has missed none. One who dies or fails while it
/// commits leaves it odd: then nobody learns anything from it until the next commit.
@safe final class CommitBeacon: Sendable {
  private static let name = "newest-commit"
  private static let size = MemoryLayout<Atomic<Int64>>.size
  private nonisolated(unsafe) let number: UnsafeMutablePointer<Atomic<Int64>>

  /// - Throws: ``CoordinationError`` when the file cannot be made.
  init(inFolder folder: String) throws {
    let path = "\(folder)/\(Self.name)"
    let descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw CoordinationError(errno: errno, opening: path) }
    defer { Glibc.close(descriptor) }
    // With its place on the disk: memory without one ends whoever writes to it.
    let cause = posix_fallocate(descriptor, 0, off_t(Self.size))
    guard cause == 0 else { throw CoordinationError(errno: cause, opening: path) }
    let memory = unsafe mmap(nil, Self.size, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0)
    guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
      throw CoordinationError(errno: errno, opening: path)
    }
    unsafe number = unsafe memory.bindMemory(to: Atomic<Int64>.self, capacity: 1)
  }

  deinit {
    unsafe munmap(number, Self.size)
  }

  /// What it shows now.
  var light: Int64 { unsafe number.pointee.load(ordering: .sequentiallyConsistent) }

  /// What it shows while no commit is being made.
  static func light(of newest: Int64) -> Int64 { 2 * newest }

  /// The newest commit; `nil` while one is being made.
  var newest: Int64? {
    let light = light
    return light & 1 == 0 ? light / 2 : nil
  }

  /// Shows the newest commit, whatever it showed before: the machine may have lost power, or an older database may have come
  /// out of a backup. To be called with the lock for writing.
  func reset(toNewest newest: Int64) {
    unsafe number.pointee.store(Self.light(of: newest), ordering: .sequentiallyConsistent)
  }

  /// A commit is about to be made. To be called with the lock for writing.
  ///
  /// - Returns: what it shows from now on.
  func begin() -> Int64 {
    let light = Int64.random(in: .min ... .max) | 1
    unsafe number.pointee.store(light, ordering: .sequentiallyConsistent)
    return light
  }

  /// The commit is made. Does nothing when the next one has begun already, somewhere.
  func end(_ light: Int64, newest: Int64) {
    unsafe _ = number.pointee.compareExchange(
      expected: light, desired: Self.light(of: newest), ordering: .sequentiallyConsistent)
  }
}
