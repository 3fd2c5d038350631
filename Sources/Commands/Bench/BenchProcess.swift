import Foundation
import Model

/// A worker process of this very program.
final class BenchProcess: Sendable {
  let name: String
  let pid: Int32
  private let process: Process
  /// All that it writes, line by line.
  private let lines: AsyncStream<String>

  /// Starts a worker, and returns when it takes tickets.
  static func worker(_ kinds: [TaskKind], slots: Int, _ stage: BenchStage) async throws -> BenchProcess {
    let names = kinds.map(\.rawValue)
    let process = try BenchProcess(
      names.joined(separator: " "),
      ["worker", "run"] + names + [
        "--slots", String(slots), "--coordination", stage.coordinationURL, "--objects", stage.objectsURL,
        "--data", "\(stage.folder)/\(names.joined(separator: "-"))",
      ])
    do {
      _ = try await process.lines(until: { $0.contains("Ready for tickets") })
    } catch {
      try await process.end()
      throw error
    }
    return process
  }

  private init(_ name: String, _ arguments: [String]) throws {
    self.name = name
    process = Process()
    process.executableURL = URL(fileURLWithPath: try BenchStage.program("distci"))
    process.arguments = arguments
    process.environment = ["PATH": "/usr/bin:/bin"]
    process.standardInput = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = pipe
    let (lines, feed) = AsyncStream.makeStream(of: String.self)
    self.lines = lines
    try process.run()
    pid = process.processIdentifier
    let output = pipe.fileHandleForReading
    // A thread rather than a handler: closing the pipe may be quicker than taking that back, which libdispatch does not
    // survive.
    Thread.detachNewThread { Self.read(output, into: feed) }
  }

  private static func read(_ output: FileHandle, into feed: AsyncStream<String>.Continuation) {
    var rest = Data()
    while case let data = output.availableData, !data.isEmpty {
      rest += data
      let parts = rest.split(separator: 0x0A, omittingEmptySubsequences: false)
      rest = Data(parts.last ?? Data())
      for line in parts.dropLast() { feed.yield(String(decoding: line, as: UTF8.self)) }
    }
    feed.finish()
  }

  /// What it has asked of the stores so far.
  func counts() async throws -> Counts {
    kill(pid, SIGUSR1)
    return Counts(prometheus: try await lines(until: { $0 == Counts.end }))
  }

  /// Tells it to stop, and returns when it has.
  func end() async throws {
    kill(pid, SIGTERM)
    for await _ in lines {}
    process.waitUntilExit()
  }

  /// The lines up to one that is waited for.
  ///
  /// - Throws: ``CommandFailure`` when the process ends before, with what it said last.
  private func lines(until isLast: (String) -> Bool) async throws -> [String] {
    var found: [String] = []
    for await line in lines {
      found.append(line)
      if isLast(line) { return found }
    }
    try Task.checkCancellation()
    throw CommandFailure(
      .unavailable, "the worker \(name) ended: \(found.suffix(5).joined(separator: "\n"))",
      remedy: "see whether the stores are well")
  }
}
