package import Model

/// An environment that some task deploys to, or wants to, or did not long ago: removed no sooner than a ``GroupRecord``, for
/// the same reason.
package struct EnvironmentRecord: Hashable, Sendable, Codable {
  /// The task that holds the lock.
  package struct Holder: Hashable, Sendable, Codable {
    package var build: BuildID
    /// The task's index in the plan.
    package var task: Int
    package var name: TaskName
    package var since: Timestamp
    /// Grows from holder to holder.
    package var position: Int
  }

  package var holder: Holder?
  /// The position of the next task to come.
  package var next: Int
  /// Since when no task holds it, nor waits for it.
  package var emptied: Timestamp?

  package init(next: Int) {
    self.next = next
  }
}

/// A task that waits at an environment.
package struct EnvironmentWaiter: Hashable, Sendable, Codable {
  /// Calls build-control to post the task.
  package var call: Ticket
  /// The task's index in the plan.
  package var task: Int
  package var name: TaskName
  package var since: Timestamp

  package init(call: Ticket, task: Int, name: TaskName, since: Timestamp) {
    self.call = call
    self.task = task
    self.name = name
    self.since = since
  }
}

/// The name of the node of a task that waits at an environment: those that wait for their turn sort by it.
package struct EnvironmentEntry: Hashable, Sendable {
  /// `nil` while nobody has approved the task.
  package var position: Int?
  package var build: BuildID
  package var task: Int

  init(position: Int?, build: BuildID, task: Int) {
    self.position = position
    self.build = build
    self.task = task
  }

  package init?(_ name: String) {
    let parts = name.split(separator: "~")
    guard parts.count == 4, let job = try? JobName(String(parts[1])), let number = Int(parts[2]),
      let task = Int(parts[3]), parts[0] == Self.unapproved || Int(parts[0]) != nil
    else { return nil }
    self.init(position: Int(parts[0]), build: BuildID(job: job, number: number), task: task)
  }

  /// Sorts behind every position.
  private static let unapproved = "unapproved"

  package var name: String {
    let digits = position.map(String.init)
    let place = digits.map { String(repeating: "0", count: max(0, 10 - $0.count)) + $0 } ?? Self.unapproved
    return "\(place)~\(build.job.rawValue)~\(build.number)~\(task)"
  }
}
