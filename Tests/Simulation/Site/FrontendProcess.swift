import Coordination
import Logging
import Model
import SharedRepository

/// What a frontend does at the stores, in a process of the simulation.
final class FrontendProcess: @unchecked Sendable {
  let process: SimulatedProcess
  private let connection: RepositoryConnection

  init(_ process: SimulatedProcess, _ site: Site) {
    self.process = process
    connection = RepositoryConnection(
      store: site.store(for: process), objects: site.objectStore(for: process), now: site.wallClock(process))
    let (connection, clock) = (connection, SimulatedClock(of: process))
    process.start {
      do {
        try await connection.run(
          pause: { try await clock.sleep(for: .seconds(1)) },
          failed: { error in
            process.world.note(process.name, "begins anew: \(error)")
          }
        ) { _ in
          // Also where nothing else happens before: it is there for those who want something afterwards.
          while true { try await clock.sleep(for: .seconds(1_000_000)) }
        }
      } catch {
        process.world.note(process.name, "ends with \(error)")
      }
      process.exit()
    }
  }

  func apply(_ jobs: [Job], then done: @escaping @Sendable () -> Void) {
    let (connection, clock) = (connection, SimulatedClock(of: process))
    process.start {
      for job in jobs {
        while (try? await connection.current().apply(job)) == nil {
          do { try await clock.sleep(for: .milliseconds(20)) } catch { return }
        }
      }
      done()
    }
  }

  func trigger(_ trigger: History.Trigger, _ history: History) {
    let connection = connection
    let process = process
    let (jobs, number, isDelivery) = (trigger.jobs, trigger.number, trigger.isDelivery)
    trigger.carriers.append(process)
    process.start {
      do {
        let push = BuildCause.Push(repository: "octo/library", ref: "refs/heads/main", commit: String(number))
        let started = try await connection.current().start(
          jobs.map { StartRequest(job: $0, cause: .push(push)) },
          delivery: isDelivery ? Delivery(lasting: ["delivery \(number)"], recent: ["push \(number)"]) : nil)
        process.world.note(process.name, "acknowledges trigger \(number): \(started.builds)")
        history.acknowledge(number, started.builds)
      } catch {
        process.world.note(process.name, "cannot take trigger \(number): \(error)")
      }
      history.letGo(number, process)
    }
  }

  /// Passes on, once, that somebody wants a build to be cancelled.
  func cancel(_ build: BuildID, _ history: History) {
    let (connection, process) = (connection, process)
    run(history) {
      do {
        try await connection.current().cancel(build, by: "somebody")
        process.world.note(process.name, "passes on that \(build) is cancelled")
      } catch {
        process.world.note(process.name, "cannot cancel \(build): \(error)")
      }
    }
  }

  func approve(_ build: BuildID, task: TaskName) {
    let connection = connection
    let process = process
    process.start {
      do {
        try await connection.current().approve(build, task: task, by: "somebody")
        process.world.note(process.name, "passes on that \(task) of \(build) is approved")
      } catch {
        process.world.note(process.name, "cannot approve \(task) of \(build): \(error)")
      }
    }
  }

  /// Pauses something, and ends the pause after a time, as one person who does not give up.
  func pause(_ subject: PauseSubject, for duration: Int, _ history: History) {
    let (connection, clock, process) = (connection, SimulatedClock(of: process), process)
    run(history) {
      while (try? await connection.current().pause(subject, by: "somebody", reason: nil)) == nil {
        do { try await clock.sleep(for: .milliseconds(200)) } catch { return }
      }
      process.world.note(process.name, "has paused \(subject)")
      do { try await clock.sleep(for: .microseconds(duration)) } catch { return }
      await self.resume(subject)
    }
  }

  /// Ends a pause, if there is one.
  func resume(_ subject: PauseSubject, _ history: History) { run(history) { await self.resume(subject) } }

  /// Does something for somebody who waits for it to be done.
  private func run(_ history: History, _ errand: @escaping @Sendable () async -> Void) {
    let process = process
    history.errands.append(process)
    process.start {
      await errand()
      if let index = history.errands.firstIndex(where: { $0 === process }) { history.errands.remove(at: index) }
    }
  }

  private func resume(_ subject: PauseSubject) async {
    let clock = SimulatedClock(of: process)
    while (try? await connection.current().resume(subject)) == nil {
      do { try await clock.sleep(for: .milliseconds(200)) } catch { return }
    }
    process.world.note(process.name, "has resumed \(subject)")
  }

  func drain(_ worker: String) {
    let connection = connection
    let process = process
    process.start {
      do {
        _ = try await connection.current().drain(worker, by: "somebody")
      } catch {
        process.world.note(process.name, "cannot drain \(worker): \(error)")
      }
    }
  }
}
