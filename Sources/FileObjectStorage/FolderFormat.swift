import Glibc
import ObjectStorage

/// The version of what lies in the folder, in the file `format`. The file is locked while a process opens the folder, so
/// that two of them do not set it up at once.
struct FolderFormat: ~Copyable {
  static let current = 1

  private let file: Descriptor

  /// Waits for others that are opening the folder.
  init(in root: Int32) throws(SystemError) {
    let file = try Descriptor("format", in: root, flags: O_RDWR | O_CREAT)
    _ = try file.lock(waiting: true)
    self.file = file
  }

  /// Writes the version to a new folder.
  ///
  /// - Throws: ``ObjectStoreError`` with `refused` for a version that this program does not know.
  func settle() throws {
    let text = String(decoding: try file.read(0..<32), as: UTF8.self)
    if text.isEmpty {
      try file.write(Array("\(Self.current)\n".utf8), offset: 0)
      return try file.synchronize()
    }
    guard text.hasSuffix("\n"), let version = Int(text.dropLast()), version >= 1 else {
      throw ObjectStoreError(
        .damaged, message: "the object folder's format file holds no version; restore it, or use another folder")
    }
    guard version <= Self.current else {
      throw ObjectStoreError(
        .refused,
        message: "the object folder has format \(version), this program knows \(Self.current); use a newer program")
    }
  }
}
