import Foundation
import Simulation
import Testing

/// The real code on simulated stores and simulated time. The runs are in processes of their own, whose every job, random
/// number and moment belongs to the simulation.
@Suite(.timeLimit(.minutes(30)))
struct SimulationTests {
  @Test func `no seed of ten thousand finds a build lost, doubled or forgotten`() async throws {
    let run = try await Simulator.run("--seeds", "10000", "--jobs", "2")
    #expect(run.status == 0, "\(run.output.suffix(4_000))")
    #expect(run.output.contains("10000 of 10000 seeds"), "\(run.output.suffix(400))")
  }

  @Test func `the same seed is the same run`() async throws {
    for seed in 1...5 {
      let (first, second) = try await (
        Simulator.run("--seed", "\(seed)", "--trace"), Simulator.run("--seed", "\(seed)", "--trace")
      )
      #expect(first.events == second.events)
      #expect(first.events.count > 20)
    }
    let other = try await Simulator.run("--seed", "6", "--trace")
    #expect(try await Simulator.run("--seed", "5", "--trace").events != other.events)
  }

  @Test func `bugs planted in the protocol are caught`() async throws {
    #expect(Mutant.allCases.count >= 30)
    let run = try await Simulator.run("--mutants", "--seeds", "2000", "--jobs", "2")
    let caught = run.output.split(separator: "\n").count { $0.hasPrefix("caught") }
    #expect(caught * 100 >= Mutant.allCases.count * 95, "\(run.output)")
    #expect(run.status == 0)
  }

  @Test func `a run that goes wrong says how to repeat it`() async throws {
    let run = try await Simulator.run("--seeds", "50", "--mutant", "claimKeepsEntry")
    #expect(run.status == 1)
    let replay = try #require(run.output.split(separator: "\n").first { $0.contains("replay: ") })
    let words = replay.split(separator: " ").map(String.init)
    let arguments = Array(words[(try #require(words.firstIndex(of: "distci-sim")) + 1)...])
    let again = try await Simulator.run(arguments)
    #expect(again.status == 1)
    #expect(again.output.contains("CHECKER"))
  }
}

/// The program beside the tests.
struct Simulator {
  var output: String
  var status: Int32

  /// What happened, without how long it took.
  var events: [Substring] { output.split(separator: "\n").filter { $0.hasPrefix("  ") } }

  static func run(_ arguments: String...) async throws -> Simulator { try await run(arguments) }

  static func run(_ arguments: [String]) async throws -> Simulator {
    let process = Process()
    let output = Pipe()
    let tests = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    process.executableURL = URL(fileURLWithPath: tests).deletingLastPathComponent().appendingPathComponent("distci-sim")
    process.arguments = arguments
    process.standardOutput = output
    process.standardError = output
    try process.run()
    return await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        continuation.resume(
          returning: Simulator(output: String(decoding: text, as: UTF8.self), status: process.terminationStatus))
      }
    }
  }
}
