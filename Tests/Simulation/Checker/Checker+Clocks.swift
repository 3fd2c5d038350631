import Coordination
import Model
import SharedRepository

/// What is to be started once: what waits for several builds, and the instants of schedules.
extension Checker {
  /// The builds of one commit start together what they wait for: once, and when all are green.
  func checkJoins(_ history: History) throws {
    var green: [String: Set<JobName>] = [:]
    let jobs = ["left", "middle", "right"]
    for (build, request) in created where jobs.contains(build.job.rawValue) {
      guard case .push(let push) = request.cause, try ended(build)?.record.state.verdict == .succeeded else { continue }
      green[push.commit, default: []].insert(build.job)
    }
    var joined: [String: [BuildID]] = [:]
    for (build, request) in created {
      guard let together = request.together, case .continuation(let last) = request.cause,
        case .push(let push)? = created[last]?.cause
      else { continue }
      joined[push.commit, default: []].append(build)
      if try ended(last)?.started.contains(build) != true { history.report("\(last) does not know of \(build)") }
      for other in together where try ended(other)?.record.state.verdict != .succeeded {
        history.report("\(build) was started although \(other) is not green")
      }
    }
    for commit in Set(green.keys).union(joined.keys).sorted() {
      let (wanted, started) = (green[commit]?.count == jobs.count ? 1 : 0, joined[commit] ?? [])
      if started.count != wanted {
        history.report("of commit \(commit), \(green[commit] ?? []) are green, and \(started) were started together")
      }
    }
  }

  /// Each instant of a schedule starts one build, and none is left out between the first and the last.
  func checkInstants(_ history: History) {
    var instants: [JobName: [Timestamp]] = [:]
    for (build, request) in created {
      if case .schedule(let instant) = request.cause { instants[build.job, default: []].append(instant) }
    }
    for (job, times) in instants.sorted(by: { $0.key < $1.key }) {
      let times = times.sorted()
      for (one, next) in zip(times, times.dropFirst()) where one.adding(.seconds(60)) != next {
        history.report("after \(one), the schedule of \(job) fired at \(next)")
      }
    }
  }
}
