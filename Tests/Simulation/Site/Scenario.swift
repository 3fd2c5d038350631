import Measurement
import Model

/// What happens in a run, made up from its seed: who is there, what is wanted, and what goes wrong when. Times are in
/// microseconds after the system is up.
struct Scenario {
  struct WorkerPlan {
    var controls: Int
    var shells: Int
    var labels: [String]
  }

  struct TriggerPlan {
    var time: Int
    var jobs: [String]
    var isDelivery: Bool
    /// Whether it arrives twice at about the same time.
    var isDoubled: Bool
    /// When somebody wants to cancel what it started.
    var cancelledAfter: Int?
  }

  /// Something that people do besides triggers, and that is no fault.
  enum Wish {
    case pauseJob(String, for: Int)
    case pauseLabel(String, for: Int)
    case pauseEnvironment(String, for: Int)
    /// From afar: the worker learns of it from its own node.
    case drain(worker: Int)
  }

  enum Fault {
    case kill(worker: Int)
    case stop(worker: Int, for: Int)
    case drain(worker: Int)
    case handBack(worker: Int)
    case killFrontend(Int)
    case stopFrontend(Int, for: Int)
    case cut(Int)
    case expire(Int)
    case away(for: Int)
  }

  /// Something that somebody does just when an attempt comes to its end.
  struct Surprise {
    enum Act {
      case cancel
      /// All that is paused goes on.
      case resume
    }

    /// The attempt, counted from the first one that anybody makes.
    var run: Int
    var act: Act
    /// After the attempt came to its end.
    var delay: Int
    /// For so long changes to its build are on their way: they are decided before the act, and come after it.
    var heldUp: Int
  }

  /// Whether nothing goes wrong: then much more can be asked of the system.
  let isCalm: Bool
  private(set) var workers: [WorkerPlan] = []
  private(set) var frontends = 1
  private(set) var jobs: [String] = []
  private(set) var triggers: [TriggerPlan] = []
  private(set) var wishes: [(time: Int, wish: Wish)] = []
  private(set) var faults: [(time: Int, fault: Fault)] = []
  /// The one job that is wanted, in some runs.
  private(set) var narrow: String?
  private(set) var surprises: [Surprise] = []
  private(set) var network = Network()
  /// When the last fault is over.
  private(set) var end = 0

  init(_ random: inout SeededGenerator) {
    isCalm = random.chance(350)
    makeNetwork(&random)
    makeWorkers(&random)
    makeTriggers(&random)
    makeWishes(&random)
    makeSurprises(&random)
    if !isCalm { makeFaults(&random) }
    end = max(end, triggers.map(\.time).max() ?? 0)
  }

  private mutating func makeNetwork(_ random: inout SeededGenerator) {
    network.latency = 20...random.pick(100...3_000)
    network.lag = 0...[100, 2_000, 20_000, 60_000][random.below(4)]
    guard !isCalm else { return }
    network.lag = 0...[100, 5_000, 100_000, 500_000][random.below(4)]
    network.slowPermille = [0, 0, 20, 100][random.below(4)]
    network.refusalPermille = [0, 0, 0, 10][random.below(4)]
    network.cutPermille = [0, 0, 0, 5, 20][random.below(5)]
    network.objectFailurePermille = [0, 0, 10, 50][random.below(4)]
    network.sessionTimeout = random.pick(1_000...6_000) * 1_000
  }

  private mutating func makeWorkers(_ random: inout SeededGenerator) {
    workers = [WorkerPlan(controls: 1, shells: 1, labels: ["big"])]
    for _ in 0..<random.pick(0...2) {
      let controls = random.pick(0...1)
      workers.append(
        WorkerPlan(
          controls: controls, shells: random.pick(controls == 0 ? 1...2 : 0...2),
          labels: random.chance(300) ? ["big", "linux"] : []))
    }
    frontends = random.pick(1...2)
  }

  private mutating func makeTriggers(_ random: inout SeededGenerator) {
    let isWide = random.chance(20)
    narrow = !isWide && random.chance(100) ? Self.narrow[random.below(2)] : nil
    let names =
      isWide ? ["wide"] : narrow.map { [$0] } ?? Self.mixtures[[0, 0, 0, 1, 1, 2, 3, 3, 4][random.below(9)]]
    let isCrowded = random.chance(500)
    let most = names.contains("alone") ? 6 : 4
    for _ in 0..<(isWide ? 1 : narrow != nil ? 2 : random.pick(1...most)) {
      let isDelivery = random.chance(600)
      let name = names[random.below(names.count)]
      var wanted = [name]
      if isDelivery, random.chance(names.contains("middle") ? 800 : 200) { wanted = Set(names.prefix(3)).sorted() }
      // A ticket that asks for a label waits longer than others, sometimes for as long as that is paused.
      let isCancelled = name == "endless" || random.chance(["again", "label", "wide"].contains(name) ? 400 : 150)
      triggers.append(
        TriggerPlan(
          time: random.pick(0...(isCrowded ? 20_000 : 3_000_000)), jobs: wanted, isDelivery: isDelivery,
          isDoubled: isDelivery && random.chance(300),
          cancelledAfter: isCancelled ? random.pick(0...(isWide ? 100_000 : 1_500_000)) : nil))
    }
    triggers.sort { $0.time < $1.time }
    var jobs = Set(triggers.flatMap(\.jobs).flatMap { [$0] + (Scenario.followers[$0] ?? []) })
    if random.chance(60) {
      jobs.insert("cron")
      end = 5_000_000
    }
    self.jobs = jobs.sorted()
  }

  /// Jobs that are now and then wanted alone, for what may happen just when the first task ends: the build ends, or has
  /// something to deploy.
  private static let narrow = ["one", "land"]

  /// Jobs that are wanted beside each other.
  private static let mixtures = [
    ["one", "one", "two", "fork", "first", "label", "endless"],
    ["alone", "newest", "rude", "pair", "alone", "chain"], ["again", "timed", "fork", "endless"],
    ["line", "rollout", "ship", "land", "two"], ["left", "middle", "right", "line"],
  ]

  private mutating func makeWishes(_ random: inout SeededGenerator) {
    let isLong = jobs.contains("line") || jobs.contains("rollout")
    for _ in 0..<(isLong ? [0, 2, 4, 6] : [0, 0, 1, 3])[random.below(4)] {
      let time = random.pick(0...3_000_000)
      let duration = random.pick(1_000...(random.chance(500) ? 200_000 : 4_000_000))
      switch random.below(isCalm ? 8 : 9) {
      case 4:
        // A pause that ends just when its job is wanted.
        let trigger = triggers[random.below(triggers.count)]
        let begin = max(0, trigger.time - random.pick(0...100_000))
        let rest = max(0, trigger.time - begin + random.pick(-60_000...60_000))
        wishes.append((begin, .pauseJob(trigger.jobs[0], for: rest)))
        end = max(end, begin + rest)
      case 5, 6:
        // A short one that ends somewhere in the middle of a build.
        let trigger = triggers[random.below(triggers.count)]
        let (begin, rest) = (trigger.time + random.pick(0...300_000), random.pick(1_000...50_000))
        let job = trigger.jobs[0]
        let isOfEnvironment = ["rollout", "ship", "two", "newest", "again"].contains(job) && random.chance(500)
        wishes.append((begin, isOfEnvironment ? .pauseEnvironment("stage", for: rest) : .pauseJob(job, for: rest)))
        end = max(end, begin + rest)
      case 7: wishes.append((time, .pauseEnvironment("stage", for: duration)))
      case 0, 1: wishes.append((time, .pauseJob(jobs[random.below(jobs.count)], for: duration)))
      case 2, 3: wishes.append((time, .pauseLabel("big", for: duration)))
      default: wishes.append((time, .drain(worker: random.below(workers.count))))
      }
      end = max(end, time + duration)
    }
  }

  private mutating func makeSurprises(_ random: inout SeededGenerator) {
    if let job = narrow {
      // The first build finds no environment yet, and makes it.
      let last = triggers[triggers.count - 1].time
      wishes.append((max(0, last - 50_000), .pauseEnvironment("stage", for: 3_000_000)))
      surprises = [surprise(run: job == "land" ? 2 : 1, job == "land" ? .resume : .cancel, &random)]
    } else if random.chance(300) {
      for run in 0..<6 where random.chance(400) {
        surprises.append(surprise(run: run, random.chance(500) ? .cancel : .resume, &random))
      }
    }
    // Until the attempts are made, probably: who mends everything ends the pauses.
    if !surprises.isEmpty { end = max(end, (triggers.map(\.time).max() ?? 0) + 3_000_000) }
  }

  private func surprise(run: Int, _ act: Surprise.Act, _ random: inout SeededGenerator) -> Surprise {
    let heldUp = random.chance(narrow == nil ? 500 : 800) ? random.pick(0...network.latency.upperBound * 20) : 0
    let delay = random.pick(0...network.latency.upperBound * [1, 3, 8][random.below(3)] + heldUp)
    return Surprise(run: run, act: act, delay: delay, heldUp: heldUp)
  }

  private mutating func makeFaults(_ random: inout SeededGenerator) {
    for _ in 0..<random.pick(1...4) {
      let time = random.pick(0...4_000_000)
      let fault = fault(&random)
      faults.append((time, fault))
      var over = time
      switch fault {
      case .stop(_, let duration), .stopFrontend(_, let duration), .away(let duration): over += duration
      default: break
      }
      end = max(end, over)
    }
    faults.sort { $0.time < $1.time }
  }

  private func fault(_ random: inout SeededGenerator) -> Fault {
    let worker = random.below(workers.count)
    let time = random.chance(500) ? random.pick(1_000...1_000_000) : random.pick(1_000_000...9_000_000)
    switch random.below(20) {
    case 0..<5: return .kill(worker: worker)
    case 5..<8: return .stop(worker: worker, for: time)
    case 8: return .drain(worker: worker)
    case 9: return .handBack(worker: worker)
    case 10..<12: return .killFrontend(random.below(frontends))
    case 12: return .stopFrontend(random.below(frontends), for: time)
    case 13..<16: return .cut(random.below(8))
    case 16..<19: return .expire(random.below(8))
    default: return .away(for: time / 2)
    }
  }

  /// What an attempt comes to, the same however often it is asked.
  func work(_ attempt: TaskAttempt, seed: UInt64) -> History.Work {
    var random = SeededGenerator(
      seed: seed &+ UInt64(attempt.request.build.number * 1_000 + attempt.task * 10 + attempt.number))
    if ["endless", "timed"].contains(attempt.request.build.job.rawValue) { return .untilStopped }
    let most = [1_000, 50_000, 400_000, 2_000_000][random.below(isCalm ? 3 : 4)]
    let duration = random.pick(0...most)
    if !isCalm, random.chance(60) { return .breaking(duration) }
    let failing = attempt.request.build.job.rawValue == "again" ? 600 : 120
    return .lasting(duration, random.chance(failing) ? .failed : .succeeded)
  }
}
