/// A piece of work for one kind of worker. It is posted from the moment that it exists until its work is finished: in a
/// queue, or in the slot that took it.
package struct Ticket: Hashable, Sendable, Codable {
  package var queue: QueueClass
  package var build: BuildID
  package var work: Content
  /// When the build was triggered.
  package var requested: Timestamp
  package var posted: Timestamp
  /// Higher goes first.
  package var priority: Int
  /// How many workers were lost while they had it. Only build-control tickets are handed on; the others end their attempt.
  package var losses: Int
  /// Names of workers and hosts that had better not have it, because it went wrong there; if there are no others, they may.
  /// At most ``mostAvoided``.
  package private(set) var avoid: [String] = []
  /// The build that is to begin, as it was created: whoever begins it need not read it, and finds out by its version whether
  /// anything has happened to it since. Not where it is large, nor where it has a place in a group.
  package var created: CreatedBuild?
  /// The same in the news of an attempt that was posted with the creation of its build.
  package var begun: BegunBuild?

  package static let mostAvoided = 5

  package enum Content: Hashable, Sendable, Codable {
    /// Move the build on.
    case advance(BuildEvent)
    /// Make an attempt at a task.
    case attempt(TaskAttempt)
  }

  package init(
    queue: QueueClass, build: BuildID, work: Content, requested: Timestamp, posted: Timestamp, priority: Int,
    losses: Int = 0
  ) {
    self.queue = queue
    self.build = build
    self.work = work
    self.requested = requested
    self.posted = posted
    self.priority = priority
    self.losses = losses
  }

  /// Had better not be given to this worker, or host, any more.
  package mutating func avoid(_ name: String) {
    avoid = Array((avoid.filter { $0 != name } + [name]).suffix(Ticket.mostAvoided))
  }

  /// Names the ticket within its build, the same however often it is posted: `t3a1` is the first attempt at task 3,
  /// `t3a1e` the news of its end, `t3a2w` that the wait before the second is over.
  package var name: String {
    switch work {
    case .advance(.start): "start"
    case .advance(.approve(let task, _, _)): "approve\(task)"
    case .advance(.cancel): "cancel"
    case .advance(.supersede): "supersede"
    case .advance(.proceed(let turn)): "proceed\(turn)"
    case .advance(.ended(let outcome)): "t\(outcome.task)a\(outcome.attempt)e"
    case .advance(.due(.retry(let task, let attempt))): "t\(task)a\(attempt)w"
    case .advance(.due(.timeout)): "timeout"
    case .attempt(let attempt): "t\(attempt.task)a\(attempt.number)"
    }
  }
}

/// A build in its first state, which follows from this.
package struct CreatedBuild: Hashable, Sendable, Codable {
  package var request: BuildRequest
  package var taskCount: Int

  package init(request: BuildRequest, taskCount: Int) {
    self.request = request
    self.taskCount = taskCount
  }
}

/// A build in the state in which it was created together with its first attempt, which follows from this.
package struct BegunBuild: Hashable, Sendable, Codable {
  package var request: BuildRequest
  package var beginning: TaskAttempt.Beginning

  /// - Returns: `nil` when this attempt was not posted with the creation of its build.
  package init?(_ attempt: TaskAttempt) {
    guard let beginning = attempt.beginning else { return nil }
    (request, self.beginning) = (attempt.request, beginning)
  }
}

/// One attempt at one task: with the job's text, all that a worker needs to make it.
package struct TaskAttempt: Hashable, Sendable, Codable {
  package var request: BuildRequest
  /// The task's index in the plan.
  package var task: Int
  /// Counted from 1.
  package var number: Int
  /// Keys of the workspace snapshots that it starts from, later over earlier; `nil` when there are so many that they must
  /// be looked up in the build.
  package var workspace: [String]?
  /// The commit that it works on, in hexadecimal, when one is known.
  package var commit: String?
  /// Whether tasks of the build had added others to it: what is to be done stands only in the build then.
  package var isOfGrownPlan: Bool?
  /// In the attempt that was posted with the creation of its build.
  package var beginning: Beginning?

  /// When the build began, and of how many tasks it was then: what its first state follows from, with its request.
  package struct Beginning: Hashable, Sendable, Codable {
    package var taskCount: Int
    package var time: Timestamp

    package init(taskCount: Int, time: Timestamp) {
      self.taskCount = taskCount
      self.time = time
    }
  }

  package init(
    request: BuildRequest, task: Int, number: Int, workspace: [String]?, commit: String? = nil,
    isOfGrownPlan: Bool? = nil
  ) {
    self.request = request
    self.task = task
    self.number = number
    self.workspace = workspace
    self.commit = commit
    self.isOfGrownPlan = isOfGrownPlan
  }
}

/// The tickets that the same workers can take: a kind, and the labels asked for.
package struct QueueClass: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
  package var kind: TaskKind
  /// Sorted, without repeats.
  package var labels: [Label]

  package init(kind: TaskKind, labels: some Sequence<Label>) {
    self.kind = kind
    self.labels = Set(labels).sorted()
  }

  /// A set of labels must fit in a node's name.
  package static func check(_ labels: [Label]) throws(ValidationError) {
    guard labels.reduce(labels.count, { $0 + $1.rawValue.utf8.count }) <= 201 else {
      throw ValidationError("the labels take more than 200 bytes together", remedy: "use fewer or shorter labels")
    }
  }

  package var description: String {
    ([kind.rawValue] + labels.map(\.rawValue)).joined(separator: "+")
  }

  package static func < (left: QueueClass, right: QueueClass) -> Bool { left.description < right.description }
}
