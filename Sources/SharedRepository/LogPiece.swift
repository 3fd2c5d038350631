import Coordination
import Model

/// A stretch of a build's log: a heading of ours, or what one attempt wrote.
enum LogPiece: Sendable {
  case heading(String)
  /// The output of an attempt that has ended.
  case sealed(AttemptStorage, size: Int)
  /// The output of an attempt that is under way: more may come.
  case growing(AttemptStorage)
  /// Nothing yet, but more will come.
  case pending
}

extension SharedRepository {
  /// The pieces of a log in their order, which never changes: tasks as the job file has them, and their attempts. Nothing
  /// follows a piece that still grows.
  ///
  /// - Parameter task: only this task's output; without its heading unless it took several attempts.
  /// - Throws: ``RepositoryError`` with `notFound`.
  func logPieces(of build: BuildID, task only: TaskName?) async throws -> [LogPiece] {
    let record = try await record(of: build)
    let plan = try await plan(of: record)
    if let only, !plan.tasks.contains(where: { $0.name == only }) {
      throw RepositoryError(
        .notFound, "build \(build) has no task \(only)", remedy: "see its tasks with 'distci build show \(build)'")
    }
    let claims = record.state.verdict == nil ? try await claims(of: build) : [:]
    var pieces: [LogPiece] = []
    for (index, (task, state)) in zip(plan.tasks, record.state.tasks).enumerated()
    where only == nil || task.name == only {
      let token = claims["t\(index)a\(state.currentAttempt)"]?.token
      pieces += logPieces(of: build, task, state, token: token, alone: only != nil)
      if state.verdict == nil { break }
    }
    return pieces
  }

  private func logPieces(
    of build: BuildID, _ task: TaskDefinition, _ state: TaskState, token: String?, alone: Bool
  ) -> [LogPiece] {
    var pieces: [LogPiece] = []
    for outcome in state.attempts {
      if !alone || outcome.attempt > 1 { pieces.append(.heading(heading(task, attempt: outcome.attempt))) }
      if outcome.logSize > 0 {
        pieces.append(
          .sealed(storage(of: outcome.madeIn ?? build, task: task.name, token: outcome.token), size: outcome.logSize))
      }
      if outcome.verdict != .succeeded, !alone || outcome.attempt < state.currentAttempt - 1 || state.verdict == nil {
        pieces.append(.heading(ending(outcome)))
      }
    }
    if state.verdict != nil {
      if state.attempts.isEmpty, !alone {
        pieces.append(
          .heading("==> \(task.name) \(state.verdict?.rawValue ?? "")\(state.reason.map { ": \($0)" } ?? "")"))
      }
      return pieces
    }
    guard let token else { return pieces + [.pending] }
    if !alone || state.currentAttempt > 1 { pieces.append(.heading(heading(task, attempt: state.currentAttempt))) }
    return pieces + [.growing(storage(of: build, task: task.name, token: token))]
  }

  /// How an attempt ended; where and when as well, when it is the machine's fault and not the task's.
  private func ending(_ outcome: AttemptOutcome) -> String {
    let what = "--- \(outcome.verdict.rawValue)\(outcome.message.map { ": \($0)" } ?? "")"
    guard outcome.verdict == .errored else { return what }
    return what + " (worker \(outcome.worker), \(outcome.started.text) to \(outcome.finished.text))"
  }

  private func heading(_ task: TaskDefinition, attempt: Int) -> String {
    "==> \(task.name) (\(task.work.kind.rawValue))" + (attempt > 1 ? ", attempt \(attempt)" : "")
  }
}
