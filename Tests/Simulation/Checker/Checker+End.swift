import Coordination
import Model
import ObjectStorage
import SharedRepository

/// What must hold when everything has come to rest.
extension Checker {
  func checkEnd(_ history: History, jobs: [JobName: Job], calm: Bool, works: (TaskAttempt) -> History.Work) {
    do {
      try checkTriggers(history)
      var used: Set<Int> = []
      for build in created.keys.sorted(by: { $0.description < $1.description }) {
        guard let ended = try ended(build) else {
          history.report("build \(build) never ended")
          continue
        }
        checkAttempts(of: ended, history, &used)
        checkContinuations(of: ended, jobs[build.job], history)
        if calm { checkCalm(ended, jobs[build.job], history, works) }
      }
      checkHistoryOnly(history, jobs)
      checkHistoryStays()
      try checkJoins(history)
      checkInstants(history)
    } catch {
      history.report("what is stored cannot be read: \(error)")
    }
  }

  /// Builds of a trigger, by the number that its cause carries.
  private func checkTriggers(_ history: History) throws {
    var started: [Int: [BuildID]] = [:]
    for (build, request) in created {
      guard case .push(let push) = request.cause, let number = Int(push.commit) else { continue }
      started[number, default: []].append(build)
    }
    for trigger in history.triggers {
      let builds = (started[trigger.number] ?? []).sorted { $0.description < $1.description }
      if let acknowledged = trigger.acknowledged {
        if acknowledged.sorted(by: { $0.description < $1.description }) != builds {
          history.report("trigger \(trigger.number) was acknowledged with \(acknowledged), and started \(builds)")
        }
        if acknowledged.map(\.job) != trigger.jobs { history.report("trigger \(trigger.number) started other jobs") }
      } else if !builds.isEmpty, builds.map(\.job).sorted() != trigger.jobs.sorted() {
        history.report("trigger \(trigger.number) was not acknowledged, and started \(builds)")
      }
    }
  }

  /// What was accepted was really done, for this very attempt, once.
  private func checkAttempts(of ended: EndedBuild, _ history: History, _ used: inout Set<Int>) {
    let build = ended.record.request.build
    for (index, task) in ended.record.state.tasks.enumerated() {
      for outcome in task.attempts {
        guard let commit = outcome.commit, let run = Int(commit.dropFirst(3)), history.runs.indices.contains(run) else {
          if outcome.verdict == .succeeded { history.report("\(build) accepted an attempt that nobody made") }
          continue
        }
        let real = history.runs[run]
        if real.build != build || real.task != index || real.attempt != outcome.attempt {
          history.report("\(build) accepted run \(run) as attempt \(outcome.attempt) at task \(index)")
        }
        if real.verdict != outcome.verdict { history.report("\(build) accepted run \(run) with another verdict") }
        if !used.insert(run).inserted { history.report("run \(run) of \(build) was accepted twice") }
      }
      let numbers = task.attempts.map(\.attempt)
      if numbers != Array(numbers.indices.map { $0 + 1 }) { history.report("attempts of \(build) are \(numbers)") }
    }
  }

  private func checkContinuations(of ended: EndedBuild, _ job: Job?, _ history: History) {
    let build = ended.record.request.build
    let followers = created.filter { $0.value.cause == .continuation(of: build) && $0.value.together == nil }.keys
    let verdict = ended.record.state.verdict
    let wasGivenUp = !ended.notes.isEmpty
    let expected = (job?.then ?? []).filter(\.all.isEmpty).filter { rule in
      switch rule.on {
      case .always: true
      case .success: verdict == .succeeded
      case .failure: verdict.map { [.failed, .errored, .timedOut].contains($0) } ?? false
      }
    }
    let wanted = wasGivenUp ? [] : expected.map(\.job).sorted()
    if followers.map(\.job).sorted() != wanted {
      history.report(
        "\(build) ended \(verdict.map(\.rawValue) ?? "-") and was continued by \(followers.sorted { "\($0)" < "\($1)" })"
      )
    }
    let started = ended.started.filter { created[$0]?.together == nil }
    if started.sorted(by: { "\($0)" < "\($1)" }) != followers.sorted(by: { "\($0)" < "\($1)" }) {
      history.report("\(build) says that it started \(ended.started)")
    }
  }

  /// Without faults every task is done once, and ends as it was meant to.
  private func checkCalm(
    _ ended: EndedBuild, _ job: Job?, _ history: History, _ works: (TaskAttempt) -> History.Work
  ) {
    guard ended.record.state.cancelled == nil else { return }
    let request = ended.record.request
    for (index, task) in ended.record.state.tasks.enumerated() where task.verdict != .skipped {
      guard case .lasting(_, let verdict) = works(TaskAttempt(request: request, task: index, number: 1, workspace: nil))
      else { continue }
      // One that failed is made again where the job says so, and may end otherwise.
      if job?.tasks[index].retry != nil, verdict != .succeeded { continue }
      if task.verdict != verdict || task.attempts.count != 1 {
        history.report(
          "task \(index) of \(request.build) ended \(task.verdict.map(\.rawValue) ?? "-") "
            + "after \(task.attempts.count) attempts, without any fault")
      }
    }
  }

  /// History holds no build that never ran.
  private func checkHistoryOnly(_ history: History, _ jobs: [JobName: Job]) {
    for job in jobs.keys.sorted() {
      for entry in objects(of: job) {
        guard let number = ObjectMap.buildNumber(ofEntry: entry.key) else { continue }
        if created[BuildID(job: job, number: number)] == nil {
          history.report("\(job)/\(number) is history, but never ran")
        }
      }
    }
  }

  private static func isEmptyGroup(_ data: [UInt8]) -> Bool {
    (try? JSONBytes.decode(GroupRecord.self, from: data))?.emptied != nil
  }

  private static func isFree(_ data: [UInt8]) -> Bool {
    (try? JSONBytes.decode(EnvironmentRecord.self, from: data)).map { $0.holder == nil } ?? false
  }

  /// What stands in the coordination tree once every worker has left: nothing but what the map says stays.
  func checkLeftovers(_ tree: Tree, _ history: History) {
    for (path, entry) in tree.entries.sorted(by: { $0.key < $1.key }) {
      let parts = path.split(separator: "/")
      let stays =
        switch parts.first {
        case nil, "format", "jobs", "deliveries": true
        case "roles": parts.count == 1
        case "shares", "seen", "joins", "schedules", "polls": true
        case "environments": parts.count <= 2 || parts.count == 3 && Self.isFree(entry.data)
        case "groups": parts.count <= 2 || Self.isEmptyGroup(entry.data)
        case "pauses": parts.count <= 2
        case "workers", "slots": parts.count <= 2
        case "builds": parts.count <= 3
        case "queues", "timers": entry.data.isEmpty
        case "idle": entry.owner == nil && IdleEntry(name: String(parts[parts.count - 1])) == nil
        default: entry.owner == nil
        }
      if !stays || entry.owner != nil { history.report("\(path) was left behind") }
    }
  }
}
