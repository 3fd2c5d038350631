/// Goes on after failures that may pass, until too many follow each other without a success.
struct Perseverance {
  private let backoff: Backoff
  private var pause: Duration
  private var since: ContinuousClock.Instant?

  init(_ backoff: Backoff) {
    self.backoff = backoff
    pause = backoff.first
  }

  /// Whether the latest attempt failed.
  var isUnderWay: Bool { since != nil }

  /// The next failure is the first again.
  mutating func succeeded() {
    since = nil
    pause = backoff.first
  }

  /// Waits until the next attempt is due.
  ///
  /// - Returns: whether this failure is the first of its row.
  /// - Throws: the failure itself when it will not pass, or the bound is reached; `CancellationError`.
  mutating func wait(after failure: CommandFailure) async throws -> Bool {
    let isFirst = since == nil
    let now = ContinuousClock.now
    let began = since ?? now
    guard failure.isPassing, began.duration(to: now) < backoff.bound else { throw failure }
    since = began
    try await Task.sleep(for: pause)
    pause = min(pause * 2, backoff.most)
    return isFirst
  }
}
