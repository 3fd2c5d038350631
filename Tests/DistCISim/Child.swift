import Glibc
import Simulation

/// Runs seeds in this process, one after the other, and says a line about each: `SEED HASH MILLISECONDS STEPS PROBLEMS`.
/// With a planted bug it stops at the first seed that catches it.
struct Child {
  let range: ClosedRange<UInt64>
  let mutant: Mutant?
  let prints: Bool

  func run() -> Never {
    // On a thread that no job of the runtime runs on: from here on, this one runs them all.
    World.takeOver()
    for seed in range {
      let run = SimulationRun(seed: seed, mutant: mutant, print: prints ? { print("  \($0)") } : nil)
      let problems = run.problems.joined(separator: " | ").replacing("\n", with: " ")
      print("\(run.seed)\t\(run.trace)\t\(run.duration / 1_000)\t\(run.steps)\t\(problems)")
      if mutant != nil, !run.problems.isEmpty { break }
    }
    // What was killed in the simulation is still there, and is not waited for.
    exit(0)
  }
}
