import Glibc

/// An object that is being written and has no name yet. It is locked while its writer lives.
struct TemporaryFile: ~Copyable {
  static let folder = "temporary"

  private let root: Int32
  private let path: String
  private let file: Descriptor

  init(in root: Int32) throws(SystemError) {
    let path = "\(Self.folder)/\(getpid())-\(String(UInt64.random(in: .min ... .max), radix: 36))"
    let file = try Descriptor(path, in: root, flags: O_WRONLY | O_CREAT | O_EXCL)
    _ = try file.lock(waiting: false)
    self.root = root
    self.path = path
    self.file = file
  }

  func fill(_ bytes: [UInt8]) throws(SystemError) {
    try file.write(bytes, offset: 0)
    try file.synchronize()
  }

  /// Gives the file its name, which replaces what had it.
  func rename(to name: String) throws(SystemError) {
    guard unsafe renameat(root, path, root, name) == 0 else { throw SystemError("rename") }
  }

  /// Gives the file a second name, which must not be there.
  func link(to name: String) throws(SystemError) {
    guard unsafe linkat(root, path, root, name, 0) == 0 else { throw SystemError("link") }
  }

  /// Removes the temporary name. What stays because this fails is removed by the next one who opens the folder.
  func remove() {
    _ = unsafe unlinkat(root, path, 0)
  }
}

extension TemporaryFile {
  /// Removes what dead writers have left. Files younger than an hour stay, as a living writer may not have locked its
  /// file yet.
  static func removeStale(in root: Int32) throws(SystemError) {
    for name in try names(in: root) {
      let path = "\(folder)/\(name)"
      var status = Glibc.stat()
      guard unsafe fstatat(root, path, &status, 0) == 0, status.st_mtim.tv_sec < time(nil) - 3_600 else { continue }
      guard let file = try? Descriptor(path, in: root, flags: O_RDONLY), try file.lock(waiting: false) else { continue }
      _ = unsafe unlinkat(root, path, 0)
    }
  }

  private static func names(in root: Int32) throws(SystemError) -> [String] {
    let number = unsafe openat(root, folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard let stream = unsafe fdopendir(number) else { throw SystemError("opendir") }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }
}
