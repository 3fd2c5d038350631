/// The stored form of an attempt's outcome: what every outcome has, and a number that says what else follows.
extension AttemptOutcome {
  private enum Mark {
    static let adds: UInt64 = 1 << 0
    static let workspace: UInt64 = 1 << 1
    static let message: UInt64 = 1 << 2
    static let exitStatus: UInt64 = 1 << 3
    static let artifacts: UInt64 = 1 << 4
    static let commit: UInt64 = 1 << 5
    static let source: UInt64 = 1 << 6
    static let matched: UInt64 = 1 << 7
    static let tests: UInt64 = 1 << 8
    static let knowsLoss: UInt64 = 1 << 9
    static let lost: UInt64 = 1 << 10
    static let generated: UInt64 = 1 << 11
    static let madeIn: UInt64 = 1 << 12
    static let jobFiles: UInt64 = 1 << 13

    static let most: UInt64 = 1 << 14
  }

  private var marks: UInt64 {
    let always = (addsToWorkspace ? Mark.adds : 0) | (workspace.isEmpty ? 0 : Mark.workspace)
    let made = (artifacts == 0 ? 0 : Mark.artifacts) | (commit == nil ? 0 : Mark.commit)
    let told = (message == nil ? 0 : Mark.message) | (exitStatus == nil ? 0 : Mark.exitStatus)
    let seen = (source == nil ? 0 : Mark.source) | (matchedOutput == nil ? 0 : Mark.matched)
    let loss = (workerLost == nil ? 0 : Mark.knowsLoss) | (workerLost == true ? Mark.lost : 0)
    let more = (tests == nil ? 0 : Mark.tests) | (generated == nil ? 0 : Mark.generated)
    let taken = (madeIn == nil ? 0 : Mark.madeIn) | (jobFiles == nil ? 0 : Mark.jobFiles)
    return always | made | told | seen | loss | more | taken
  }

  func write(into writer: inout ByteWriter) {
    writer.add(marks)
    writer.add(task)
    writer.add(attempt)
    writer.add(verdict.code)
    writer.add(token)
    writer.add(worker)
    writer.add(started)
    writer.add(finished)
    writer.add(logSize)
    if !workspace.isEmpty {
      writer.add(UInt64(workspace.count))
      for key in workspace { writer.add(key) }
    }
    if let message { writer.add(message) }
    if let exitStatus { writer.add(exitStatus) }
    if artifacts != 0 { writer.add(artifacts) }
    if let commit { writer.add(commit) }
    if let source { writer.add(source) }
    if let matchedOutput { writer.add(matchedOutput) }
    if let tests { writer.add(tests) }
    if let generated { writer.add(generated) }
    if let madeIn { writer.add(madeIn) }
    if let jobFiles { writer.add(jobFiles) }
  }

  init(from reader: inout ByteReader) throws {
    let marks = try reader.unsigned()
    guard marks < Mark.most else { throw DecodingError.damaged("an attempt says more than is known") }
    let (task, attempt, verdict) = (try reader.number(), try reader.number(), try Verdict(code: try reader.byte()))
    let (token, worker) = (try reader.text(), try reader.text())
    let (started, finished) = (try reader.time(), try reader.time())
    self.init(
      task: task, attempt: attempt, token: token, worker: worker, verdict: verdict, started: started,
      finished: finished, logSize: try reader.number(), addsToWorkspace: marks & Mark.adds > 0)
    if marks & Mark.workspace > 0 {
      for _ in 0..<(try reader.count()) { workspace.append(try reader.text()) }
    }
    if marks & Mark.message > 0 { message = try reader.text() }
    if marks & Mark.exitStatus > 0 { exitStatus = try reader.number() }
    if marks & Mark.artifacts > 0 { artifacts = try reader.number() }
    if marks & Mark.commit > 0 { commit = try reader.text() }
    if marks & Mark.source > 0 { source = try reader.build() }
    if marks & Mark.matched > 0 { matchedOutput = try reader.text() }
    if marks & Mark.tests > 0 { tests = try reader.number() }
    if marks & Mark.knowsLoss > 0 { workerLost = marks & Mark.lost > 0 }
    if marks & Mark.generated > 0 { generated = try reader.number() }
    if marks & Mark.madeIn > 0 { madeIn = try reader.build() }
    if marks & Mark.jobFiles > 0 { jobFiles = try reader.number() }
  }
}
