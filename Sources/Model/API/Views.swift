/// A job as lists show it.
package struct JobView: Hashable, Sendable, Codable {
  package var job: JobName
  package var description: String
  /// SHA-256 of its canonical text.
  package var revision: String
  package var updated: InstantText
  /// The newest build, when there is one.
  package var latest: BuildSummary?
  /// Present while the job is paused.
  package var paused: PauseView?
  /// Of a job that is shown by itself, and has some.
  package var schedules: [ScheduleView]?
  /// The same for the repositories that it looks at.
  package var polls: [PollView]?
  /// Where its file is kept, when nobody applied it by hand.
  package var kept: KeptView?
  /// The repository whose job files it reads, if it does.
  package var reads: String?

  package init(
    job: JobName, description: String, revision: String, updated: InstantText, latest: BuildSummary? = nil,
    paused: PauseView? = nil
  ) {
    self.job = job
    self.description = description
    self.revision = revision
    self.updated = updated
    self.latest = latest
    self.paused = paused
  }
}

/// A build as lists show it.
package struct BuildSummary: Hashable, Sendable, Codable {
  package var job: JobName
  package var build: Int
  /// `null` until the build has ended.
  package var verdict: Verdict?
  package var event: String
  package var requested: InstantText
  package var finished: InstantText?

  package init(
    job: JobName, build: Int, verdict: Verdict?, event: String, requested: InstantText, finished: InstantText?
  ) {
    self.job = job
    self.build = build
    self.verdict = verdict
    self.event = event
    self.requested = requested
    self.finished = finished
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(job, forKey: .job)
    try container.encode(build, forKey: .build)
    try container.encode(verdict, forKey: .verdict)
    try container.encode(event, forKey: .event)
    try container.encode(requested, forKey: .requested)
    try container.encodeIfPresent(finished, forKey: .finished)
  }
}

/// An artifact as the API shows it.
package struct ArtifactView: Hashable, Sendable, Codable {
  /// Relative to the workspace that it was published from.
  package var path: String
  /// Bytes.
  package var size: Int
  /// In hexadecimal.
  package var sha256: String
  /// The permission bits, such as `755` in octal digits.
  package var mode: String
  /// The task that published it.
  package var task: TaskName
  /// Until when it is kept at least, where its task says how long.
  package var expires: InstantText?
  /// Since when it is gone.
  package var expired: InstantText?

  package init(
    path: String, size: Int, sha256: String, mode: String, task: TaskName, expires: InstantText? = nil,
    expired: InstantText? = nil
  ) {
    self.expires = expires
    self.expired = expired
    self.path = path
    self.size = size
    self.sha256 = sha256
    self.mode = mode
    self.task = task
  }
}

/// A worker process as the API shows it.
package struct WorkerView: Hashable, Sendable, Codable {
  package var worker: String
  package var host: String
  package var process: Int
  package var started: InstantText
  package var labels: [Label]
  package var draining: Bool
  /// By kind of task.
  package var slots: [String: Int]
  /// What its slots are busy with.
  package var busy: [BusySlotView]
  /// Which of the wanted slots it is, when a pool runs it: `KIND/LABELS/NUMBER`.
  package var seat: String?

  package init(
    worker: String, host: String, process: Int, started: InstantText, labels: [Label], draining: Bool,
    slots: [String: Int], busy: [BusySlotView], seat: String? = nil
  ) {
    self.worker = worker
    self.host = host
    self.process = process
    self.started = started
    self.labels = labels
    self.draining = draining
    self.slots = slots
    self.busy = busy
    self.seat = seat
  }
}

package struct BusySlotView: Hashable, Sendable, Codable {
  package var slot: Int
  package var kind: TaskKind
  package var job: JobName
  package var build: Int
  package var since: InstantText

  package init(slot: Int, kind: TaskKind, job: JobName, build: Int, since: InstantText) {
    self.slot = slot
    self.kind = kind
    self.job = job
    self.build = build
    self.since = since
  }
}

/// A ticket that waits, as the API shows it.
package struct QueuedTicketView: Hashable, Sendable, Codable {
  package var kind: TaskKind
  package var labels: [Label]
  package var job: JobName
  package var build: Int
  package var ticket: String
  package var posted: InstantText

  package init(_ ticket: Ticket) {
    kind = ticket.queue.kind
    labels = ticket.queue.labels
    job = ticket.build.job
    build = ticket.build.number
    self.ticket = ticket.name
    posted = InstantText(ticket.posted)
  }
}
