import Coordination
import Logging
import Model
import SharedRepository
import Workers

/// A worker as users run it: the real one, in a process of the simulation.
final class WorkerProcess: @unchecked Sendable {
  let process: SimulatedProcess
  let plan: Scenario.WorkerPlan
  let worker: Worker

  init(_ process: SimulatedProcess, _ plan: Scenario.WorkerPlan, _ site: Site) throws {
    self.process = process
    self.plan = plan
    let clock = SimulatedClock(of: process)
    let slots: [TaskKind: Int] = [.buildControl: plan.controls, .executeShell: plan.shells]
    worker = Worker(
      WorkerOffer(
        host: process.name, process: Int(process.number), labels: Set(try plan.labels.map { try Label($0) }),
        slots: slots.filter { $0.value > 0 }),
      performers: [Performer(kind: .executeShell, clock: clock, history: site.history)],
      configuration: WorkerConfiguration(scratchDirectory: "/nonexistent", cacheDirectory: "/nonexistent"),
      clock: clock,
      logger: site.logger(process))
    let connection = RepositoryConnection(
      store: site.store(for: process), objects: site.objectStore(for: process), now: site.wallClock(process))
    let (worker, history, shells) = (worker, site.history, plan.shells)
    process.start {
      do {
        try await connection.run(
          pause: { try await clock.sleep(for: .seconds(1)) },
          failed: { error in
            process.world.note(process.name, "begins anew: \(error)")
          }
        ) { repository in
          history.slots[repository.session.id] = shells
          try await worker.run(repository)
        }
      } catch {
        process.world.note(process.name, "ends with \(error)")
      }
      process.exit()
    }
  }
}
