package import Model

/// How far the schedules of a job have come.
package struct ScheduleRecord: Hashable, Sendable, Codable {
  /// In the order of the job file; never empty.
  package var states: [ScheduleState]

  package init(states: [ScheduleState]) {
    self.states = states
  }

  /// When one of them is due next.
  package var due: Timestamp? { states.compactMap(\.due).min() }
}

/// What is known of the repositories that a job looks at.
package struct PollRecord: Hashable, Sendable, Codable {
  /// In the order of the job file; never empty.
  package var states: [PollState]

  package init(states: [PollState]) {
    self.states = states
  }

  /// When one of them is due next.
  package var due: Timestamp? { states.map(\.due).min() }
}
