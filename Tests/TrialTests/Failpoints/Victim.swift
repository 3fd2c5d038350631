import Model

/// Who is killed at a failpoint.
enum Victim: Hashable, Sendable, CustomStringConvertible {
  case worker(TaskKind)
  case frontend

  static let all = TaskKind.allCases.map(Victim.worker) + [.frontend]

  var description: String {
    switch self {
    case .worker(let kind): kind.rawValue
    case .frontend: "frontend"
    }
  }

  /// The kinds of worker that live through it.
  var others: [TaskKind] { TaskKind.allCases.filter { .worker($0) != self } }

  /// What it logs when it is ready.
  var greeting: String { self == .frontend ? "Listening" : "Ready for tickets" }
}

/// What happens in the life of a victim.
enum Act: Int, CaseIterable, Sendable {
  /// It arrives.
  case arrival
  /// A chain of builds is started by hand and another build by a push, and their results are fetched.
  case builds
  /// A build is cancelled while it runs.
  case cancellation
  /// All other workers are killed, one of them with a ticket in its hands.
  case recovery
  /// It is told to stop while there is work.
  case departure
}

/// A pass of a failpoint at which a victim may be killed.
struct Killing: Hashable, Sendable, CustomStringConvertible {
  var victim: Victim
  var act: Act
  var place: Place
  /// The how manieth pass it is in the life of the process.
  var number: Int

  struct Place: Hashable, Sendable {
    var moment: String
    var site: String
  }

  var failpoints: String { "kill:\(place.moment):\(number):\(place.site)" }
  var description: String { "\(victim) in \(act): DISTCI_FAILPOINTS='\(failpoints)'" }
}
