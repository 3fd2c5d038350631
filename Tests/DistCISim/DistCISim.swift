import ArgumentParser
import Simulation

/// `distci-sim` runs the system in simulated worlds, one for each seed.
@main
struct DistCISim: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "distci-sim",
    abstract: "Simulate the dispatch protocol: the real code on simulated stores, time and faults, from seeds.",
    discussion: """
      Everything in a run follows from its seed: who is there, what is wanted, what fails when, and in which order things
      happen. A run that goes wrong prints the command that repeats it.

      EXAMPLES
        distci-sim --seeds 10000 --jobs 2
        distci-sim --seed 1234 --trace
        distci-sim --mutants
        distci-sim --mutant finishInTwo --seeds 20

      Exit status: 0 when no run went wrong, or with --mutants when enough of the planted bugs were caught; 1 otherwise.
      """)

  @Option(help: ArgumentHelp("Run this seed alone.", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("The first seed.", valueName: "number"))
  var from: UInt64 = 1

  @Option(help: ArgumentHelp("How many seeds to run. With --mutants: for each of them, at most.", valueName: "number"))
  var seeds: UInt64 = 100

  @Option(help: ArgumentHelp("How many processes to run side by side.", valueName: "number"))
  var jobs = 2

  @Flag(help: "Print what happens in the run.")
  var trace = false

  @Option(help: ArgumentHelp("Plant this bug in the protocol.", valueName: "name"))
  var mutant: Mutant?

  @Flag(help: "Plant each of the known bugs in turn, until a seed catches it.")
  var mutants = false

  @Flag(help: .hidden)
  var isChild = false

  func validate() throws {
    guard seeds > 0, jobs > 0 else { throw ValidationError("--seeds and --jobs are at least 1") }
    guard !trace || seed != nil else { throw ValidationError("--trace prints one run: name it with --seed") }
    guard !mutants || mutant == nil else { throw ValidationError("choose --mutants, or one with --mutant") }
  }

  func run() async throws {
    let range = seed.map { $0...$0 } ?? from...from + seeds - 1
    if isChild { Child(range: range, mutant: mutant, prints: trace).run() }
    if mutants {
      guard try await MutantHunt(range: range, jobs: jobs).run() else { throw ExitCode.failure }
    } else {
      guard try await SeedRuns(range: range, jobs: jobs, mutant: mutant, prints: trace).run() else {
        throw ExitCode.failure
      }
    }
  }
}

extension Mutant: ExpressibleByArgument {}
