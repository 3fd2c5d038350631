import ArgumentParser
import Simulation

@main
struct DistCISim: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "distci-sim", abstract: "Simulate")
  @Option var seed: UInt64?
  @Option var from: UInt64 = 1
  @Option var seeds: UInt64 = 1
  @Option var mutant: String?
  @Flag var trace = false

  func run() throws {
    World.takeOver()
    let first = seed ?? from
    for number in first..<first + (seed == nil ? seeds : 1) {
      let run = SimulationRun(seed: number, mutant: mutant.flatMap { Mutant(rawValue: $0) }, print: trace ? { print($0) } : nil)
      print(number, run.trace, run.duration, run.steps, run.isCalm, run.problems)
    }
  }
}
