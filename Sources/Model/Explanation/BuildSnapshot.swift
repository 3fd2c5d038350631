/// All that an explanation is made from: a build and what bears on it, as it was read. What is read one after the other may
/// not fit together to the last detail; every combination is explained.
package struct BuildSnapshot: Sendable {
  package var plan: Plan
  package var state: BuildState
  package var now: Timestamp
  /// Where the build's tickets are, by their names; one that was found nowhere is not in it.
  package var tickets: [String: TicketStanding]
  package var fleet: Fleet
  package var jobPause: Pause?
  package var labelPauses: [Label: Pause]
  /// How long each task takes, from past builds.
  package var durations: [Duration?]
  package var group: GroupHold?
  /// What is at the environments that its tasks want to deploy to.
  package var environments: [DeployTarget: EnvironmentStanding] = [:]

  package init(
    plan: Plan, state: BuildState, now: Timestamp, tickets: [String: TicketStanding] = [:], fleet: Fleet = Fleet(),
    jobPause: Pause? = nil, labelPauses: [Label: Pause] = [:], durations: [Duration?] = [], group: GroupHold? = nil
  ) {
    self.plan = plan
    self.state = state
    self.now = now
    self.tickets = tickets
    self.fleet = fleet
    self.jobPause = jobPause
    self.labelPauses = labelPauses
    self.durations = durations
    self.group = group
  }
}

/// Where a ticket is.
package enum TicketStanding: Hashable, Sendable {
  case queued(QueueStanding)
  case taken(worker: String, since: Timestamp, isAlive: Bool)
}

/// A ticket's place in its queue, and what stands between it and a slot.
package struct QueueStanding: Hashable, Sendable {
  package var queue: QueueClass
  /// Tickets that the same slots take before this one.
  package var ahead: Count
  /// All tickets that the same slots take.
  package var total: Count
  /// How many slots that could take it are parked.
  package var parked: Int
  /// How long from now its turn comes, as far as past durations tell.
  package var wait: Duration?

  package init(queue: QueueClass, ahead: Count, total: Count, parked: Int, wait: Duration? = nil) {
    self.queue = queue
    self.ahead = ahead
    self.total = total
    self.parked = parked
    self.wait = wait
  }
}
