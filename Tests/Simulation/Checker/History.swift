import Coordination
import Model

/// What really happened, as the clients and the machines that did the work know it, whatever the stores say.
final class History: @unchecked Sendable {
  /// One time that a performer did an attempt.
  struct Run {
    var build: BuildID
    var task: Int
    var attempt: Int
    var session: SessionID
    /// How it ended, once it came to its own end.
    var verdict: Verdict?
  }

  /// What a task does.
  enum Work {
    case lasting(Int, Verdict)
    case breaking(Int)
    case untilStopped
  }

  /// Somebody wanted a build of a job, or several at once.
  final class Trigger {
    let number: Int
    let jobs: [JobName]
    /// Whether the one who sent it can send it again.
    let isDelivery: Bool
    /// The builds that an acknowledgement named.
    var acknowledged: [BuildID]?
    /// The frontends that have it in hand.
    var carriers: [SimulatedProcess] = []

    init(number: Int, jobs: [JobName], isDelivery: Bool) {
      self.number = number
      self.jobs = jobs
      self.isDelivery = isDelivery
    }
  }

  private(set) var runs: [Run] = []
  private var busy: [SessionID: Int] = [:]
  var triggers: [Trigger] = []
  /// The frontends that do something for somebody just now, besides taking triggers.
  var errands: [SimulatedProcess] = []
  private(set) var problems: [String] = []
  /// How many tasks a worker may do at a time.
  var slots: [SessionID: Int] = [:]
  private let works: (TaskAttempt) -> Work
  /// Told of each run that comes to its own end.
  var completed: (Int) -> Void = { _ in }

  init(works: @escaping (TaskAttempt) -> Work) {
    self.works = works
  }

  func plan(of attempt: TaskAttempt) -> Work { works(attempt) }

  func report(_ problem: String) {
    if problems.count < 20, !problems.contains(problem) { problems.append(problem) }
  }

  func begin(_ attempt: TaskAttempt, session: SessionID, at time: Int) -> Int {
    runs.append(Run(build: attempt.request.build, task: attempt.task, attempt: attempt.number, session: session))
    busy[session, default: 0] += 1
    if let most = slots[session], busy[session, default: 0] > most {
      report("a worker with \(most) slots for tasks does \(busy[session, default: 0]) at a time")
    }
    return runs.count - 1
  }

  func acknowledge(_ number: Int, _ builds: [BuildID]) {
    let trigger = triggers[number]
    if let before = trigger.acknowledged, before != builds {
      report("trigger \(number) was acknowledged with \(before), and then with \(builds)")
    }
    trigger.acknowledged = builds
  }

  /// A frontend has come to an end with a trigger, whatever that was.
  func letGo(_ number: Int, _ process: SimulatedProcess) {
    let carriers = triggers[number].carriers
    guard let index = carriers.firstIndex(where: { $0 === process }) else { return }
    triggers[number].carriers.remove(at: index)
  }

  func leave(_ run: Int) { busy[runs[run].session, default: 0] -= 1 }

  func complete(_ run: Int, _ verdict: Verdict) {
    runs[run].verdict = verdict
    completed(run)
  }
}
