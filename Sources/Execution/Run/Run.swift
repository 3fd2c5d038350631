/// One run: performs what its lifecycle calls for, and tells it what happens.
struct Run<C: Clock>: Sendable where C.Duration == Duration {
  let process: RunnerProcess
  let output: PolledDescriptor
  let runners: KeptRunners
  let command: Command
  let limits: Limits
  let isHurried: @Sendable () -> Bool
  let clock: C
  let events: AsyncStream<Lifecycle.Event>
  let post: AsyncStream<Lifecycle.Event>.Continuation

  /// After the grace, this long for the runner to do its work on a loaded machine.
  private static var patience: Duration { .seconds(15) }

  /// Follows the run to its end. Nothing of it is left then.
  func conduct(consume: @escaping @Sendable (ArraySlice<UInt8>) async throws -> Void) async throws -> Completion {
    let activity = Activity(since: clock.now)
    let clock = clock
    let pump = OutputPump(pipe: output, activity: activity, now: { clock.now }, consume: consume)
    var lifecycle = Lifecycle()
    await withDiscardingTaskGroup { group in
      group.addTask { await followRunner() }
      group.addTask {
        await pump.run { post.yield(.outputRefused($0)) }
        post.yield(.outputEnded)
      }
      for await event in events {
        for action in lifecycle.handle(event) { perform(action, activity, in: &group) }
        if lifecycle.isOver { break }
      }
      group.cancelAll()
    }
    output.close()
    runners.giveBack(process, isIdle: lifecycle.leavesRunnerIdle)
    return try lifecycle.conclusion()
  }

  private func perform(
    _ action: Lifecycle.Action,
    _ activity: Activity<C.Instant>,
    in group: inout DiscardingTaskGroup
  ) {
    switch action {
    case .startTimers:
      if let total = limits.total { group.addTask { await elapse(total, then: .elapsed(.total)) } }
      if let idle = limits.idle { group.addTask { await watchSilence(activity, limit: idle) } }
    case .prepareNextRunner:
      runners.replenish()
    case .awaitTree:
      group.addTask { await elapse(limits.leftoverGrace + Self.patience, then: .stopOverdue) }
    case .requestStop:
      process.requestStop(grace: isHurried() ? .zero : limits.grace)
      group.addTask { await elapse(limits.grace + Self.patience, then: .stopOverdue) }
    case .killRunner:
      process.kill()
    case .killOrphans(let leader):
      group.addTask { await killOrphans(leader) }
    case .abandonOutput:
      output.release()
    }
  }

  private func followRunner() async {
    reception: while true {
      switch process.receive() {
      case .record(let record):
        guard let event = Lifecycle.Event(record, of: command) else {
          // No runner of this build: without it there is nothing to wait for.
          process.kill()
          break reception
        }
        post.yield(event)
        if event.isLastOfRunner { return }
      case .nothingYet:
        await process.control.readable()
      case .ended:
        break reception
      }
    }
    await process.reap()
    post.yield(.runnerEnded)
  }

  private func elapse(_ duration: Duration, then event: Lifecycle.Event) async {
    do {
      try await clock.sleep(until: clock.now.advanced(by: duration), tolerance: nil)
      post.yield(event)
    } catch {
      // The run is over.
    }
  }

  private func watchSilence(_ activity: Activity<C.Instant>, limit: Duration) async {
    do {
      while true {
        let now = clock.now
        let deadline = activity.silent(asOf: now).advanced(by: limit)
        guard now < deadline else { break }
        try await clock.sleep(until: deadline, tolerance: nil)
      }
      post.yield(.elapsed(.idle))
    } catch {
      // The run is over.
    }
  }

  private func killOrphans(_ leader: Int32?) async {
    do {
      post.yield(.orphansKilled(try await OrphanedTree(leader: leader).kill()))
    } catch {
      post.yield(.orphansRemain(error))
    }
  }
}
