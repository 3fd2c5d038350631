import Foundation
import Synchronization
import TestStores
import Testing

/// What was done to the system, and what came of it: one row of the table that `deploy/trials` prints.
final class Trial: Sendable {
  private struct Findings {
    var injections = 0
    var lost = 0
    var doubled = 0
    var worst: Duration?
    var violations: [String] = []
  }

  private struct Row: Encodable {
    var row: String
    var pair: String
    var injections: Int
    var lost: Int
    var doubled: Int
    /// In seconds.
    var worst: Double?
    var limit: Double?
    var verdict: String
  }

  private let row: String
  private let pair: StorePair
  private let planned: Int?
  private let limit: Duration?
  private let findings = Mutex(Findings())

  /// Runs a trial, reports its row whatever becomes of it, and fails unless it is good.
  ///
  /// - Parameters:
  ///   - row: as in the list of trials, and what was done: `F1 failpoints`.
  ///   - planned: how many injections there will be.
  ///   - limit: of the time until all is well again.
  static func run(
    _ row: String, on pair: StorePair, planned: Int? = nil, limit: Duration? = nil,
    _ body: (Trial) async throws -> Void
  ) async throws {
    let trial = Trial(row, pair, planned, limit)
    do {
      try await body(trial)
    } catch {
      trial.violates("\(error)")
      try trial.report()
      throw error
    }
    try trial.report()
    let violations = trial.findings.withLock { $0.violations }
    #expect(violations == [], "\(row) on \(pair)")
  }

  private init(_ row: String, _ pair: StorePair, _ planned: Int?, _ limit: Duration?) {
    self.row = row
    self.pair = pair
    self.planned = planned
    self.limit = limit
  }

  /// Notes that something was done to the system.
  func injected(_ count: Int = 1) {
    let total = findings.withLock { findings in
      findings.injections += count
      return findings.injections
    }
    say("progress: \(row) on \(pair): \(total)" + (planned.map { " of \($0)" } ?? ""))
  }

  var injections: Int { findings.withLock { $0.injections } }

  /// Notes how long it took until all was well again.
  ///
  /// - Returns: whether that was in time.
  @discardableResult
  func recovered(after time: Duration) -> Bool {
    let isTooLong = findings.withLock { findings in
      findings.worst = max(findings.worst ?? .zero, time)
      return limit.map { time > $0 * Trials.slack } ?? false
    }
    if isTooLong { violates("recovered only after \(time)") }
    return !isTooLong
  }

  /// Notes what the checker found.
  func found(lost: Int, doubled: Int) {
    findings.withLock { findings in
      findings.lost += lost
      findings.doubled += doubled
    }
    if lost + doubled > 0 { violates("\(lost) builds lost, \(doubled) doubled") }
  }

  /// Notes that something is not as it should be.
  func violates(_ what: String) {
    say("violation: \(row) on \(pair): \(what)")
    findings.withLock { $0.violations.append(what) }
  }

  private func verdict(_ findings: Findings) -> String {
    if let first = findings.violations.first { return "FAILED: \(first.prefix(200))" }
    guard let worst = findings.worst, let limit, worst > limit else { return "good" }
    return "good for a busy machine, with \(Trials.slack) times the limit"
  }

  private func report() throws {
    let findings = findings.withLock { $0 }
    let row = Row(
      row: row, pair: "\(pair)", injections: findings.injections, lost: findings.lost, doubled: findings.doubled,
      worst: findings.worst?.inSeconds, limit: limit?.inSeconds,
      verdict: verdict(findings))
    say("trial: \(String(decoding: try JSONEncoder().encode(row), as: UTF8.self))")
  }
}

extension Duration {
  fileprivate var inSeconds: Double {
    Double(components.seconds) + Double(components.attoseconds) / 1e18
  }

  static func * (duration: Duration, factor: Double) -> Duration { .seconds(duration.inSeconds * factor) }
}
