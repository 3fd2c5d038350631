/// Why something does not go on, exactly. Every state that the stores can be in has its case.
package indirect enum WaitReason: Hashable, Sendable {
  // Nobody could work on it yet.

  /// Tasks that it needs have not ended.
  case needs([Need])
  /// The job is paused.
  case jobPaused(Pause)
  /// The pause was ended, and build-control is being called to go on.
  case resuming
  /// Another attempt is made then.
  case retry(at: Timestamp, attempt: Int)
  /// The place in a concurrency group is taken.
  case group(GroupHold)
  /// It deploys, and nobody has approved it yet.
  case approval(DeployTarget, since: Timestamp)
  /// The environment that it deploys to is paused.
  case environmentPaused(DeployTarget, Pause)
  /// Another task deploys there.
  case environmentHeld(EnvironmentHold)

  // Somebody could, and nobody does.

  /// A label that it asks for is paused.
  case labelPaused(Label, Pause)
  /// No worker of the kind is alive.
  case noWorker(TaskKind, lastSeen: Timestamp?)
  /// No live worker offers one of the labels.
  case noLabel(Label, TaskKind, workers: Count, lastSeen: Timestamp?)
  /// Each label is offered, but no live worker offers all of them.
  case noCombination([Label], TaskKind, workers: Count)
  /// Every worker that could take it is about to end.
  case draining(TaskKind, workers: Int)
  case busy(QueueForecast)
  /// A slot that can take it is free: they are about to find each other.
  case handingOver

  // Somebody has it.

  case running(worker: String, since: Timestamp, expectedEnd: Timestamp?)
  /// The worker that has it was lost: it is about to be taken back.
  case workerLost(worker: String, since: Timestamp)
  /// Its worker was told to stop.
  case stopping(worker: String, by: String)
  /// It was seen in no place, because it went from one to another just then.
  case changingHands

  // News for build-control is under way.

  /// Build-control has not taken in the news yet.
  case control(ControlNews, because: WaitReason)
}

/// What build-control has to be told.
package enum ControlNews: Hashable, Sendable {
  case triggered
  case ended(TaskName)
  case cancelled
}

/// A task that another one waits for.
package struct Need: Hashable, Sendable {
  package var task: TaskName
  package var progress: Progress

  package enum Progress: Hashable, Sendable {
    case running(worker: String, since: Timestamp, expectedEnd: Timestamp?)
    /// In a queue, or for something else: its own explanation says more.
    case waiting
  }

  package init(_ task: TaskName, _ progress: Progress) {
    self.task = task
    self.progress = progress
  }
}

/// A concurrency group whose places are taken.
package struct GroupHold: Hashable, Sendable {
  package struct Holder: Hashable, Sendable {
    package var build: BuildID
    package var since: Timestamp

    package init(_ build: BuildID, since: Timestamp) {
      self.build = build
      self.since = since
    }
  }

  package var group: String
  /// The one that has held it longest, which is likely to make room first.
  package var first: Holder
  /// Who holds it as well, by when they began.
  package var others: [Holder]

  package init(group: String, first: Holder, others: [Holder] = []) {
    self.group = group
    self.first = first
    self.others = others
  }
}

/// A number of things that were counted up to a bound.
package struct Count: Hashable, Sendable {
  package var value: Int
  /// Whether there are more, not counted.
  package var isLeast: Bool

  package init(_ value: Int, isLeast: Bool = false) {
    self.value = value
    self.isLeast = isLeast
  }
}
