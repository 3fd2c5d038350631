import Foundation
import Glibc
import Model

/// A file that appears under its name when it is complete, and not before.
struct DownloadedFile: Sendable {
  private let handle: FileHandle
  private let temporary: URL
  private let path: String

  /// Creates a new file beside the one that is to be.
  ///
  /// - Throws: ``CommandFailure`` with `file`.
  init(at path: String) async throws {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    let temporary = folder.appendingPathComponent(".distci-\(UUID().uuidString).part")
    self.path = path
    self.temporary = temporary
    handle = try await Self.failing(path) {
      // Never opens a file that is there, nor follows a link.
      try Data().write(to: temporary, options: .withoutOverwriting)
      return try FileHandle(forWritingTo: temporary)
    }
  }

  func write(_ bytes: [UInt8]) async throws {
    let handle = handle
    try await Self.failing(path) { try handle.write(contentsOf: Data(bytes)) }
  }

  /// Puts the file in its place, which is done at once; a link that is there is replaced, not followed.
  ///
  /// - Parameter mode: in octal digits; of it, only the right to execute counts.
  func publish(mode: String) async throws {
    let (handle, temporary, path) = (handle, temporary, path)
    let permissions = 0o644 | ((Int(mode, radix: 8) ?? 0) & 0o111)
    try await Self.failing(path) {
      try handle.close()
      try FileManager.default.setAttributes([.posixPermissions: permissions], ofItemAtPath: temporary.path)
      // Foundation's own calls do not replace what is there in one step.
      guard unsafe rename(temporary.path, path) == 0 else {
        throw CocoaError(.fileWriteUnknown, userInfo: [NSLocalizedDescriptionKey: "it cannot be put in its place"])
      }
    }
  }

  /// Removes what has arrived.
  func discard() async {
    let (handle, temporary) = (handle, temporary)
    try? await BlockingQueue.run {
      try? handle.close()
      try FileManager.default.removeItem(at: temporary)
    }
  }

  private static func failing<Value: Sendable>(
    _ path: String, _ work: @escaping @Sendable () throws -> Value
  ) async throws -> Value {
    do {
      return try await BlockingQueue.run(work)
    } catch {
      throw CommandFailure(
        .file, "\(path.quoted) cannot be written: \(error.localizedDescription)",
        remedy: "see that there is room and that the folder may be written to, or name another with --output")
    }
  }
}
