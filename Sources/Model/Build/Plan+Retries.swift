/// When a task is attempted again.
extension Plan {
  /// Before the second, third, fourth and fifth attempt, counting those only that our infrastructure failed.
  private static let waitsAfterErrors: [Duration] = [.seconds(1), .seconds(4), .seconds(15), .seconds(60)]

  /// How long to wait before the next attempt at a task; `nil` when there is none.
  ///
  /// An attempt that our infrastructure failed is made again up to five times in all, whatever the job says, after waits that
  /// grow, so that a store or a host may come back; at once where it was the first worker that was lost, since another one is
  /// as good. One that failed or ran out of time is made again as the task's ``Retry`` says.
  func waitBeforeNextAttempt(at task: Int, after attempts: [AttemptOutcome]) -> Duration? {
    guard let last = attempts.last else { return nil }
    switch last.verdict {
    case .succeeded, .cancelled, .skipped: return nil
    case .errored:
      let errors = attempts.count { $0.verdict == .errored }
      guard errors < AttemptOutcome.mostErrored else { return nil }
      if errors == 1, last.isWorkerLost { return .zero }
      return Plan.waitsAfterErrors[errors - 1] * (1 + jitter(of: task, last.attempt) / 4)
    case .failed, .timedOut:
      guard let retry = tasks[task].retry, retry.covers(last) else { return nil }
      let tries = attempts.count { $0.verdict != .errored }
      return tries < retry.attempts ? retry.wait(after: tries) : nil
    }
  }

  /// Why a task ended as its last attempt did; the story of its attempts when it took several.
  func ending(of task: Int, after attempts: [AttemptOutcome]) -> String? {
    guard let last = attempts.last, last.verdict != .succeeded else { return nil }
    let errors = attempts.count { $0.verdict == .errored }
    guard last.verdict == .errored, errors > 1 else { return last.message }
    return "\(errors) attempts errored; the last: \(last.message ?? "no reason is known")"
  }

  /// From 0 to 1: different builds that failed together do not come back together, and the same one always gets the same.
  private func jitter(of task: Int, _ attempt: Int) -> Double {
    // FNV-1a
    let hash = "\(request.build)/\(task)/\(attempt)".utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01b3
    }
    return Double((hash ^ (hash >> 32)) % 1_000) / 1_000
  }
}
