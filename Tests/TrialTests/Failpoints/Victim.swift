import Model

/// Who is killed at a failpoint.
enum Victim: Hashable, Sendable, CustomStringConvertible {
  case worker(TaskKind)
  case frontend
  case pool

  static let all = TaskKind.allCases.map(Victim.worker) + [.frontend, .pool]

  var description: String {
    switch self {
    case .worker(let kind): kind.rawValue
    case .frontend: "frontend"
    case .pool: "pool"
    }
  }

  /// What it logs when it is ready.
  var greeting: String {
    switch self {
    case .worker: "Ready for tickets"
    case .frontend: "Listening"
    case .pool: "Ready to run slots"
    }
  }

  /// Whether it is one of those of whom one at a time has a role, as to recover what others lost.
  var mayHaveRoles: Bool { self != .frontend }

  /// What it has a part in.
  var acts: [Act] {
    switch self {
    case .worker: [.arrival, .builds, .waiting, .news, .cancellation, .recovery, .departure]
    case .frontend: Act.allCases
    case .pool: [.arrival, .scaling, .departure]
    }
  }
}

/// What happens in the life of a victim.
enum Act: Int, CaseIterable, Sendable {
  /// It arrives.
  case arrival
  /// A chain of builds is started by hand and another build by a push that is told of twice, and their results are fetched.
  case builds
  /// Builds wait: for others of their group, for the time of another attempt, for a paused job, a paused label and a paused
  /// environment, for those that deploy before them, and for approval.
  case waiting
  /// Two builds of a push start a third one together, job files are read in a repository, a pull request is approved and closed,
  /// and a job gets a schedule and a repository to look at.
  case news
  /// A build is cancelled while it runs, and one that waits behind it.
  case cancellation
  /// All other workers are killed, one of them with a ticket in its hands.
  case recovery
  /// A slot is wanted, and then no longer.
  case scaling
  /// It is told to stop while there is work.
  case departure
}
