import Model
import SharedRepository

/// The files of one part of a split task.
struct DealtFiles: Sendable {
  /// Of the part, counted from 0.
  let index: Int
  /// Relative to the workspace.
  let files: [String]
  /// The path of a file that lists them, each with a zero at its end.
  let list: String

  /// Makes the list, outside of the workspace.
  ///
  /// Whoever makes the first attempt at one of the parts deals for all of them: builds that end meanwhile would teach the
  /// others something else.
  ///
  /// - Returns: `nil` for a task that is no part of a split.
  /// - Throws: ``TaskFailure`` when there is nothing to deal, or too much.
  static func of(_ assignment: Assignment, in folder: AttemptFolder) async throws -> DealtFiles? {
    guard let part = assignment.part else { return nil }
    var deal = try await assignment.repository.deal(of: assignment.attempt.request, task: part.task)
    if deal == nil { deal = try await self.deal(part, assignment, folder) }
    let files = deal.flatMap { $0.parts.indices.contains(part.index) ? $0.parts[part.index] : nil } ?? []
    try await assignment.log.line("part \(part.index) of \(part.split.into): \(files.count) files")
    let path = folder.own + "/split"
    try await BlockingCalls.run {
      try OpenFile(creating: path, mode: 0o600).write(files.flatMap { Array($0.utf8) + [0] })
    }
    return DealtFiles(index: part.index, files: files, list: path)
  }

  private static func deal(_ part: SplitPart, _ assignment: Assignment, _ folder: AttemptFolder) async throws -> Deal {
    let globs = try ArtifactGlobs([part.split.files], ifMissing: .fail)
    let walk = try await BlockingCalls.run { try WorkspaceWalk(folder.workspace, for: globs.globs) }
    for other in walk.others.prefix(20) { try await assignment.log.line("not dealt out: \(other)") }
    try await globs.check(walk.matched, "no file of the workspace", assignment.log)
    let files = walk.files.map(\.path)
    guard files.count <= TestLimits.files, files.reduce(0, { $0 + $1.utf8.count }) <= TestLimits.fileNameBytes else {
      throw TaskFailure(
        "\(files.count) files match \(part.split.files), and at most \(TestLimits.files) are dealt out, with names of "
          + "\(TestLimits.fileNameBytes >> 20) MiB together; split over directories, or into several tasks")
    }
    let (repository, request) = (assignment.repository, assignment.attempt.request)
    let times = part.split.by == .time ? await repository.fileTimes(of: request.build.job, task: part.task) : [:]
    let deal = Deal(files, into: part.split.into, times: times)
    return try await repository.settle(deal, of: request, task: part.task)
  }
}
