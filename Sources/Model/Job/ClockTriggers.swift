/// Starts a build at certain times.
package struct ScheduleTrigger: Hashable, Sendable, Codable {
  /// What becomes of times that passed while nobody was there to start builds.
  package enum CatchUp: String, Hashable, Sendable, Codable, CaseIterable {
    /// One build, for the latest of them.
    case latest
    /// A build for each of them, up to ``mostCaughtUp``.
    case all
    case none
  }

  /// As the job file writes it.
  package var cron: String
  /// A name of the tz database.
  package var timezone: String
  package var catchUp: CatchUp

  package init(cron: String, timezone: String = usualTimezone, catchUp: CatchUp = .latest) {
    self.cron = cron
    self.timezone = timezone
    self.catchUp = catchUp
  }

  package static let usualTimezone = "UTC"
  /// So many builds at most start for times that passed: those for the latest ones.
  package static let mostCaughtUp = 100
}

/// Starts a build when a branch of a repository has moved, for repositories that cannot tell of it.
package struct PollTrigger: Hashable, Sendable, Codable {
  /// `owner/name` at the forge, or a clone URL.
  package var repository: String
  /// Globs over branch names; empty means every branch.
  package var branches: [String]
  /// How long to wait between two looks, in seconds.
  package var every: Int

  package init(repository: String, branches: [String] = [], every: Int = usualPause) {
    self.repository = repository
    self.branches = branches
    self.every = every
  }

  package static let usualPause = 300
  /// Looking more often would be a burden to the server.
  package static let leastPause = 10

  /// Where to look.
  package var address: String {
    RepositoryAddress.isForgeName(repository) ? "https://github.com/\(repository).git" : repository
  }

  /// Whether a branch counts.
  package func accepts(branch: String) -> Bool {
    branches.isEmpty || branches.contains { (try? Glob($0))?.matches(branch) ?? false }
  }
}

extension Job {
  /// Whether something starts its builds as time goes by.
  package var waitsForTime: Bool {
    triggers.contains { trigger in
      switch trigger {
      case .push, .pullRequest: false
      case .schedule, .poll: true
      }
    }
  }

  /// Without repeats, in the order of the file.
  package var schedules: [ScheduleTrigger] {
    triggers.compactMap { if case .schedule(let trigger) = $0 { trigger } else { nil } }.unique
  }

  /// Without repeats, in the order of the file.
  package var polls: [PollTrigger] {
    triggers.compactMap { if case .poll(let trigger) = $0 { trigger } else { nil } }.unique
  }
}

extension [ScheduleTrigger] {
  fileprivate var unique: Self { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}

extension [PollTrigger] {
  fileprivate var unique: Self { reduce(into: []) { if !$0.contains($1) { $0.append($1) } } }
}
