/// That a job, a label or an environment takes a rest: who wanted it, when, and why.
package struct Pause: Hashable, Sendable, Codable {
  package var by: String
  package var at: Timestamp
  /// In a sentence; hostile text.
  package var reason: String?
  /// Whether it is over, and what waited for it is being started.
  package var isEnding: Bool

  /// - Parameters:
  ///   - by: cut to ``longestName`` bytes.
  ///   - reason: cut to ``longestReason`` bytes; an empty one is none.
  package init(by: String, at: Timestamp, reason: String?, isEnding: Bool = false) {
    self.by = by.bounded(to: Pause.longestName)
    self.at = at
    self.reason = reason.flatMap { $0.isEmpty ? nil : $0.bounded(to: Pause.longestReason) }
    self.isEnding = isEnding
  }

  package static let longestName = 100
  package static let longestReason = 400
  /// So many jobs, labels and environments may be paused at one time: all of them stand in one transaction when the coordination store
  /// is filled anew.
  package static let most = 500
}

/// What can be paused.
package enum PauseSubject: Hashable, Sendable, CustomStringConvertible {
  /// Its builds post no tickets.
  case job(JobName)
  /// Tickets that ask for it are not taken.
  case label(Label)
  /// Nothing is deployed to it.
  case environment(DeployTarget)

  package var description: String {
    switch self {
    case .job(let job): "job \(job)"
    case .label(let label): "label \(label)"
    case .environment(let environment): "environment \(environment)"
    }
  }
}
