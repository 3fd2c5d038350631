import Measurement
import SQLiteCoordination

/// On one machine: commits to SQLite, one for each hop, and a process.
struct CommitRoad: BareRoad {
  private let commits: BareCommits
  private let command: [String]

  init(path: String, command: [String]) throws {
    commits = try BareCommits(path: path)
    self.command = command
  }

  func go(_ number: Int, hops: Int) async throws {
    try await BareProcess.blocking { [commits, command] in
      for _ in 0..<hops { try commits.commit(BareTransaction.text) }
      try BareProcess.run(command + [String(number)])
    }
  }

  func close() async throws { try await BareProcess.blocking { [commits] in try commits.close() } }
}
