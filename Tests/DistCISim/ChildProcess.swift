import Foundation
import Simulation

/// A process of this program that runs some seeds.
enum ChildProcess {
  /// What one seed came to.
  struct Line: Sendable {
    var seed: UInt64
    var trace: String
    var milliseconds: Int
    var steps: Int
    var problems: String
  }

  /// Memory that killed processes of a simulation hold is given back only with the process that ran it.
  static let seedsAtOnce: UInt64 = 200

  /// Runs the seeds, and reports each when all have come.
  ///
  /// - Returns: how the process ended, when it did not end well.
  static func run(
    _ range: ClosedRange<UInt64>, mutant: Mutant?, prints: Bool, _ report: (Line) -> Void,
    _ other: (String) -> Void = { _ in }
  ) async throws -> String? {
    let process = Process()
    let output = Pipe()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments =
      ["--is-child", "--from", String(range.lowerBound), "--seeds", String(range.count)]
      + (mutant.map { ["--mutant", $0.rawValue] } ?? [])
      + (prints ? ["--trace", "--seed", String(range.lowerBound)] : [])
    // The order of sets and dictionaries must not differ from run to run.
    process.environment = ProcessInfo.processInfo.environment.merging(["SWIFT_DETERMINISTIC_HASHING": "1"]) { $1 }
    process.standardOutput = output
    try process.run()
    // Reading blocks until the process has ended.
    let text = await withCheckedContinuation { continuation in
      Thread.detachNewThread {
        let text = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        continuation.resume(returning: String(decoding: text, as: UTF8.self))
      }
    }
    for text in text.split(separator: "\n") {
      if let line = Line(String(text)) { report(line) } else { other(String(text)) }
    }
    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      return "a process of seeds \(range) ended with \(process.terminationReason == .exit ? "status" : "signal") "
        + "\(process.terminationStatus)"
    }
    return nil
  }
}

extension ChildProcess.Line {
  init?(_ text: String) {
    let parts = text.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 5, let seed = UInt64(parts[0]), let milliseconds = Int(parts[2]), let steps = Int(parts[3])
    else { return nil }
    self.init(seed: seed, trace: parts[1], milliseconds: milliseconds, steps: steps, problems: parts[4])
  }
}
