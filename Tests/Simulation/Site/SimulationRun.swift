import Synchronization

/// One run of the whole system from one seed.
package struct SimulationRun: Sendable {
  package let seed: UInt64
  /// What was found wrong, in the order in which it was found.
  package let problems: [String]
  /// The same for the same seed, always.
  package let trace: UInt64
  /// In microseconds of simulated time.
  package let duration: Int
  package let steps: Int
  package let isCalm: Bool

  /// Processes that were killed wait for ever, so the world that they wait in stays.
  private static let worlds = Mutex<[Site]>([])

  /// - Parameter print: told what happens, line by line.
  package init(seed: UInt64, mutant: Mutant? = nil, print: ((String) -> Void)? = nil) {
    self.seed = seed
    let trace = Trace(print: print)
    do {
      let site = try Site(seed: seed, mutant: mutant, trace: trace)
      SimulationRun.worlds.withLock { $0.append(site) }
      try site.run()
      problems = site.history.problems
      duration = site.world.now
      steps = site.world.steps
      isCalm = site.scenario.isCalm
    } catch {
      problems = ["the scenario cannot be set up: \(error)"]
      (duration, steps, isCalm) = (0, 0, true)
    }
    self.trace = trace.hash
  }
}
