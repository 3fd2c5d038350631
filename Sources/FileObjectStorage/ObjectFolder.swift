import Glibc
import ObjectStorage

/// Objects as files below `objects`. Several processes may work on one folder at once; every call blocks.
///
/// A whole object is written to a file of its own below `temporary` and takes its name only when it is durable. Whoever
/// creates a folder also synchronizes the folder above it. Another process that then puts an object in it synchronizes the
/// innermost one alone: journaling file systems make names durable in the order in which they came to be.
final class ObjectFolder: Sendable {
  private let root: Descriptor

  /// - Parameter root: holds `objects` and `temporary`.
  init(root: consuming Descriptor) {
    self.root = root
  }

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) throws {
    let path = ObjectPath(key)
    let temporary = try TemporaryFile(in: root.number)
    do {
      try temporary.fill(bytes)
      try place(temporary, at: path, condition)
    } catch {
      temporary.remove()
      if error.number == EEXIST, condition == .ifAbsent {
        // The other writer may not have come so far yet, and the caller will rely on the object.
        try synchronize(path.folder)
        throw ObjectStoreError(.alreadyExists, key: key)
      }
      throw error
    }
    if condition == .ifAbsent { temporary.remove() }
  }

  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) throws {
    var changed: Set<String> = []
    let file = try openForWriting(ObjectPath(key), changed: &changed)
    try file.write(bytes, offset: offset)
    try file.synchronizeData()
    for folder in changed { try synchronize(folder) }
  }

  func read(_ key: ObjectKey, _ range: Range<Int>) throws -> [UInt8]? {
    do {
      return try Descriptor(ObjectPath(key).file, in: root.number, flags: O_RDONLY).read(range)
    } catch  where error.number == ENOENT {
      return nil
    }
  }

  func stat(_ key: ObjectKey) throws -> ObjectInfo? {
    var status = Glibc.stat()
    guard unsafe fstatat(root.number, ObjectPath(key).file, &status, 0) == 0 else {
      let error = SystemError("stat")
      if error.number == ENOENT { return nil }
      throw error
    }
    return ObjectInfo(size: status.st_size)
  }

  func delete(_ key: ObjectKey) throws {
    let path = ObjectPath(key)
    guard unsafe unlinkat(root.number, path.file, 0) == 0 else {
      let error = SystemError("unlink")
      if error.number == ENOENT { return }
      throw error
    }
    try synchronize(path.folder)
    // Fails at the first folder that still holds something, which is where to stop.
    for folder in path.folders.dropFirst().reversed() {
      guard unsafe unlinkat(root.number, folder, AT_REMOVEDIR) == 0 else { return }
    }
  }

  private func place(
    _ temporary: borrowing TemporaryFile, at path: ObjectPath, _ condition: PutCondition
  ) throws(SystemError) {
    var changed: Set<String> = [path.folder]
    try inFolders(of: path, changed: &changed) { () throws(SystemError) in
      switch condition {
      case .always: try temporary.rename(to: path.file)
      case .ifAbsent: try temporary.link(to: path.file)
      }
    }
    for folder in changed { try synchronize(folder) }
  }

  private func openForWriting(_ path: ObjectPath, changed: inout Set<String>) throws(SystemError) -> Descriptor {
    do {
      return try Descriptor(path.file, in: root.number, flags: O_WRONLY)
    } catch {
      if error.number != ENOENT { throw error }
    }
    changed.insert(path.folder)
    return try inFolders(of: path, changed: &changed) { () throws(SystemError) in
      try Descriptor(path.file, in: root.number, flags: O_WRONLY | O_CREAT)
    }
  }
}

extension ObjectFolder {
  /// Does something that needs the folders of the path, creating those that are missing. Folders may vanish meanwhile,
  /// as deleting the last object of a folder deletes the folder.
  ///
  /// - Parameter changed: gets the folders in which folders were created.
  private func inFolders<Value: ~Copyable>(
    of path: ObjectPath, changed: inout Set<String>, _ body: () throws(SystemError) -> Value
  ) throws(SystemError) -> Value {
    for _ in 0..<100 {
      do {
        return try body()
      } catch {
        if error.number != ENOENT { throw error }
      }
      changed.formUnion(try createFolders(of: path))
    }
    return try body()
  }

  private func createFolders(of path: ObjectPath) throws(SystemError) -> [String] {
    var changed: [String] = []
    for (parent, folder) in zip(path.folders, path.folders.dropFirst()) {
      if unsafe mkdirat(root.number, folder, 0o750) == 0 {
        changed.append(parent)
      } else if errno == ENOENT {
        break
      } else if errno != EEXIST {
        throw SystemError("mkdir")
      }
    }
    return changed
  }

  private func synchronize(_ folder: String) throws(SystemError) {
    do {
      try Descriptor(folder, in: root.number, flags: O_RDONLY | O_DIRECTORY).synchronize()
    } catch  where error.number == ENOENT {
      // Somebody has deleted what was in it, and the folder with it.
    }
  }
}
