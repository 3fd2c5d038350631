import Model
import ObjectStorage
import SharedRepository

/// The workspaces of attempts: unpacked from the snapshots that they start from, and packed into the one that they leave.
struct Workspaces: Sendable {
  private let archiver = Archiver()

  /// Unpacks the snapshots that the attempt starts from, later over earlier.
  ///
  /// - Throws: ``TaskFailure`` when they do not fit over one another, or beside one another.
  func restore(_ assignment: Assignment, into folder: AttemptFolder) async throws {
    guard let layers = assignment.layers, layers.contains(where: { $0.base != nil }) else {
      return try await unpack(assignment.workspace, assignment, into: folder.workspace)
    }
    var earlier: [Int] = []
    for layer in layers {
      if let base = layer.base {
        try await merge(layer, base, beside: earlier, assignment, folder)
      } else {
        try await unpack(layer.keys, assignment, into: folder.workspace)
      }
      earlier.append(layer.task)
    }
  }

  /// Puts a workspace beside those that are there already. Its base is unpacked only when the two differ.
  ///
  /// - Throws: ``TaskFailure`` when both wrote the same file differently.
  private func merge(
    _ layer: WorkspaceLayer, _ base: [String], beside earlier: [Int], _ assignment: Assignment, _ folder: AttemptFolder
  ) async throws {
    try await withDirectory(folder.aside) {
      try await unpack(layer.keys, assignment, into: folder.aside)
      let merge = try await BlockingCalls.run { try WorkspaceMerge(moving: folder.aside, into: folder.workspace) }
      guard !merge.differing.isEmpty else { return }
      try await withDirectory(folder.base) {
        try await unpack(base, assignment, into: folder.base)
        do {
          try await BlockingCalls.run { try merge.settle(against: folder.base) }
        } catch let clash as WorkspaceMerge.Clash {
          let names = earlier.map { assignment.plan.tasks[$0].name.rawValue }.joined(separator: " or ")
          throw TaskFailure(
            "\(names) and \(assignment.plan.tasks[layer.task].name) both wrote \(clash.path.quoted), and differently; "
              + "let one of them need the other, or write different files")
        }
      }
    }
  }

  /// Makes a directory for the length of `body`.
  private func withDirectory(_ path: String, _ body: () async throws -> Void) async throws {
    try await BlockingCalls.run { try FilePaths.makeDirectory(path) }
    let result: Result<Void, any Error>
    do {
      result = .success(try await body())
    } catch {
      result = .failure(error)
    }
    try await BlockingCalls.run { try FilePaths.removeTree(path) }
    try result.get()
  }

  private func unpack(_ keys: [String], _ assignment: Assignment, into directory: String) async throws {
    for key in keys {
      try Task.checkCancellation()
      do {
        try await archiver.unpack(assignment.repository.workspace(key).read(), into: directory)
      } catch let error as ArchiveError where error.isConflict {
        throw TaskFailure(
          "what this task needs left workspaces that do not fit over one another, as a file of one is a directory of "
            + "another; let those tasks use different names: \(error)")
      }
    }
  }

  /// Stores a snapshot of the folder's workspace.
  ///
  /// - Returns: its key.
  /// - Throws: ``TaskFailure`` when the archiver cannot read what the task left: the task has run, and running it again
  ///   would leave the same. What the store throws.
  func save(_ folder: AttemptFolder, _ assignment: Assignment) async throws -> String {
    let (key, warnings): (String, [String])
    do {
      (key, warnings) = try await archiver.pack(folder.workspace) {
        try await assignment.storage.putWorkspace(from: $0)
      }
    } catch let error as ArchiveError where error.isOfFiles {
      throw TaskFailure(
        "the workspace cannot be kept for the tasks that need this one; let the task leave files that its user can read, "
          + "and no process that changes them: \(error)")
    }
    // Sockets and the like: no program can expect to find them on another machine.
    for warning in warnings.prefix(20) { try await assignment.log.line("workspace: \(warning)") }
    if warnings.count > 20 { try await assignment.log.line("workspace: and \(warnings.count - 20) more") }
    return key
  }
}
