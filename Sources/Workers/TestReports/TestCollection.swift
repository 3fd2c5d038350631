import Model
import SharedRepository

/// What a command tells about tests: the results in the reports that it writes, and what the files took that it had.
struct TestCollection: Sendable {
  private let globs: [Glob]
  private let directory: String
  private let dealt: DealtFiles?
  private let assignment: Assignment
  private let folder: AttemptFolder
  /// Of reports that were there before.
  private let known: [String: FileMark]
  private let started: Timestamp

  /// To be made right before the command begins: reports that are there already are those of other tasks.
  ///
  /// - Throws: ``TaskFailure`` when a glob is none: it may come from a parameter.
  init(
    _ work: ExecuteShell, _ dealt: DealtFiles?, _ assignment: Assignment, in folder: AttemptFolder
  ) async throws {
    let globs = try ArtifactGlobs(work.reports, ifMissing: .ignore).globs
    self.globs = globs
    self.dealt = dealt
    self.assignment = assignment
    self.folder = folder
    directory = work.directory
    known =
      globs.isEmpty
      ? [:] : (try? await BlockingCalls.run { try ReportReading.marks(folder.workspace, globs) }) ?? [:]
    started = assignment.repository.now()
  }

  /// Stores what there is. A report that cannot be read is a line in the log, and nothing else.
  ///
  /// - Returns: how many results; `nil` when there is nothing to tell.
  func keep(after verdict: Verdict) async throws -> Int? {
    guard !globs.isEmpty || dealt != nil else { return nil }
    let elapsed = assignment.repository.now().since(started)
    let (globs, root, known) = (globs, folder.workspace, known)
    let reading = try await BlockingCalls.run { ReportReading(root, globs, known) }
    for note in reading.notes.prefix(20) { try await assignment.log.line("test reports: \(note)") }
    let results = Self.bounded(TestResult.merged(reading.cases.map(\.result)))
    let times = times(reading.cases, verdict, elapsed)
    guard !results.isEmpty || !times.isEmpty else { return nil }
    try await assignment.storage.putTests(AttemptTests(results: results, times: times))
    if !results.isEmpty {
      let failed = results.count { $0.outcome == .failed }
      try await assignment.log.line(
        "test reports: tests \(results.count), failed \(failed), files \(reading.files)")
    }
    return results.count
  }

  /// What a part took tells nothing of its files when it did not come to its end.
  private func times(_ cases: [ReportedCase], _ verdict: Verdict, _ elapsed: Duration) -> [String: Int] {
    guard let dealt, verdict == .succeeded || verdict == .failed else { return [:] }
    let attribution = FileAttribution(dealt.files, directory: directory)
    let prefix = folder.workspace + "/"
    var reported: [String: Int] = [:]
    // Most cases of a report name the same few places.
    var found: [[String]: String?] = [:]
    for one in cases {
      let hints = one.hints.map { $0.hasPrefix(prefix) ? String($0.dropFirst(prefix.count)) : $0 }
      let file = found[hints] ?? attribution.file(of: hints)
      found.updateValue(file, forKey: hints)
      if let file { reported[file, default: 0] += one.result.milliseconds }
    }
    let whole = verdict == .succeeded ? Int(elapsed / .milliseconds(1)) : nil
    return FileTimes.learned(dealt.files, reported: reported, elapsed: whole)
  }

  /// Only the first failures keep their messages.
  private static func bounded(_ results: [TestResult]) -> [TestResult] {
    var messages = 0
    return results.map { result in
      guard result.message != nil else { return result }
      messages += 1
      guard messages > TestLimits.messages else { return result }
      var result = result
      result.message = nil
      return result
    }
  }
}
