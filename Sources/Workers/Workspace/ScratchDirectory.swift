/// The directory in which attempts have their folders while they run. Several processes of one host may share it.
///
/// Beside each folder `NAME` stands `NAME.lock`, locked by the process that uses it: what is not locked was left by a
/// process that died.
package struct ScratchDirectory: Sendable {
  private let path: String
  private let spares: SpareFolders

  /// Touches nothing yet.
  ///
  /// - Parameter spares: so many folders are kept ready for the next attempts.
  package init(_ path: String, spares: Int = 0) {
    self.path = path
    self.spares = SpareFolders(limit: spares)
  }

  /// Removes what dead processes left. To be called when a worker starts.
  ///
  /// - Parameter onFailure: is told of each folder that could not be removed, and why. It stays for the next time, and
  ///   keeps nobody from working.
  /// - Returns: how many folders were removed.
  @discardableResult
  package func removeLeftovers(onFailure: @escaping @Sendable (String) -> Void = { _ in }) async throws -> Int {
    try await BlockingCalls.run {
      try FilePaths.makeDirectory(path)
      var removed = 0
      for bytes in try FilePaths.names(in: path) {
        let name = String(decoding: bytes, as: UTF8.self)
        // None of ours begins with a dot, and "." and ".." must never be taken for a folder.
        guard name.hasSuffix(".lock"), !name.hasPrefix("."), let lock = LockFile.takeOver("\(path)/\(name)") else {
          continue
        }
        do throws(FileError) {
          try FilePaths.removeTree("\(path)/\(name.dropLast(".lock".count))")
          lock.remove()
          removed += 1
        } catch {
          onFailure(error.description)
        }
      }
      return removed
    }
  }

  /// Makes a folder for the length of `body`, and removes it however that ends. What cannot be removed stays, with a lock
  /// file that nobody holds, for ``removeLeftovers(onFailure:)``: it changes nothing about how `body` ended.
  func withFolder<Result: Sendable>(_ body: (AttemptFolder) async throws -> Result) async throws -> Result {
    let (spare, wasSettled) = try await BlockingCalls.runBriefly {
      if let spare = spares.take() { return (spare, true) }
      return (try make(), false)
    }
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(spare.folder))
    } catch {
      result = .failure(error)
    }
    let isKept = try? await BlockingCalls.runBriefly { wasSettled && spares.keepUntouched(spare) }
    if isKept != true { try? await BlockingCalls.run { spares.replace(spare) { try make() } } }
    return try result.get()
  }

  /// Removes the folders that are kept ready, when there will be no more attempts.
  package func removeSpares() async {
    try? await BlockingCalls.run { spares.removeAll() }
  }

  private func make() throws -> SpareFolders.Spare {
    try FilePaths.makeDirectory(path)
    while true {
      // Short, as a socket's path has room for 107 bytes and tests like to put sockets into their workspace.
      let name = String(UInt32.random(in: .min ... .max), radix: 36)
      guard let lock = try LockFile.create("\(path)/\(name).lock") else { continue }
      let folder = AttemptFolder(path: "\(FilePaths.resolved(path) ?? path)/\(name)")
      for directory in folder.directories { try FilePaths.makeDirectory(directory) }
      return SpareFolders.Spare(folder, lock)
    }
  }
}
