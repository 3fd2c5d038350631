import Foundation

/// The directory in which attempts have their folders while they run. Several processes of one host may share it.
///
/// Beside each folder `NAME` stands `NAME.lock`, locked by the process that uses it: what is not locked was left by a
/// process that died.
package struct ScratchDirectory: Sendable {
  private let path: String

  /// Touches nothing yet.
  package init(_ path: String) {
    self.path = path
  }

  /// Removes what dead processes left. To be called when a worker starts.
  ///
  /// - Returns: how many folders that were.
  @discardableResult
  package func removeLeftovers() async throws -> Int {
    try await BlockingCalls.run {
      try FilePaths.makeDirectory(path)
      var removed = 0
      for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasSuffix(".lock") {
        guard let lock = LockFile.takeOver("\(path)/\(name)") else { continue }
        try FilePaths.removeTree("\(path)/\(name.dropLast(".lock".count))")
        lock.remove()
        removed += 1
      }
      return removed
    }
  }

  /// Makes a folder for the length of `body`, and removes it however that ends.
  func withFolder<Result: Sendable>(_ body: (AttemptFolder) async throws -> Result) async throws -> Result {
    let (folder, lock) = try await BlockingCalls.run { try make() }
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(folder))
    } catch {
      result = .failure(error)
    }
    try await BlockingCalls.run {
      try FilePaths.removeTree(folder.path)
      lock.remove()
    }
    return try result.get()
  }

  private func make() throws -> (AttemptFolder, LockFile) {
    try FilePaths.makeDirectory(path)
    while true {
      // Short, as a socket's path has room for 107 bytes and tests like to put sockets into their workspace.
      let name = String(UInt32.random(in: .min ... .max), radix: 36)
      guard let lock = try LockFile.create("\(path)/\(name).lock") else { continue }
      let folder = AttemptFolder(path: "\(FilePaths.resolved(path) ?? path)/\(name)")
      for directory in folder.directories { try FilePaths.makeDirectory(directory) }
      return (folder, lock)
    }
  }
}
