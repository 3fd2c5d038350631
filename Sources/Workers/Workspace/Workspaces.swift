import Model
import ObjectStorage
import SharedRepository

/// The workspaces of attempts: unpacked from the snapshots that they start from, and packed into the one that they leave.
struct Workspaces: Sendable {
  private let archiver = Archiver()

  /// Unpacks the snapshots that the attempt starts from, later over earlier.
  ///
  /// - Throws: ``TaskFailure`` when they do not fit over one another.
  func restore(_ assignment: Assignment, into folder: AttemptFolder) async throws {
    for key in assignment.workspace {
      try Task.checkCancellation()
      do {
        try await archiver.unpack(assignment.repository.workspace(key).read(), into: folder.workspace)
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
