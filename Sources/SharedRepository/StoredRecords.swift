package import Coordination
package import Model

/// A job's entry in the index of jobs.
package struct StoredJob: Hashable, Sendable, Codable {
  /// SHA-256 of the job's canonical text, in hexadecimal.
  package var revision: String
  package var updated: Timestamp
  package var description: String
  /// Where its file is kept, when nobody applied it by hand.
  package var kept: KeptJob?
  /// The repository whose job files it reads, if it does.
  package var reads: String?
}

/// A build that has ended, as history keeps it.
package struct EndedBuild: Hashable, Sendable, Codable {
  package var record: BuildRecord
  /// The version of the running build's node from which it was ended. Of two that wrote it, the later one is right.
  package var version: Int
  package var started: [BuildID]
  package var notes: [String]
  /// What it did not start yet; `nil` is nothing.
  package var awaited: [AwaitedStart]?

  package init(
    record: BuildRecord, version: Int, started: [BuildID], notes: [String], awaited: [AwaitedStart]? = nil
  ) {
    self.record = record
    self.version = version
    self.started = started
    self.notes = notes
    self.awaited = awaited
  }
}

/// A job that a build would have started, if others had been green.
package struct AwaitedStart: Hashable, Sendable, Codable {
  package var job: JobName
  /// The jobs that had no green build of the commit.
  package var missing: [JobName]
  package var commit: String

  package init(job: JobName, missing: [JobName], commit: String) {
    self.job = job
    self.missing = missing
    self.commit = commit
  }

  var note: String {
    let names = missing.map(\.rawValue).joined(separator: " and ")
    return "\(job) was not started yet: no green build of \(names) for \(commit.prefix(12))".bounded(to: 400)
  }
}

/// An artifact in the list that an attempt published.
package struct StoredArtifact: Hashable, Sendable, Codable {
  /// Relative to the workspace.
  package var path: String
  /// Bytes.
  package var size: Int
  /// In hexadecimal.
  package var sha256: String
  /// Permission bits.
  package var mode: Int
  /// The object's place in the attempt.
  package var number: Int

  package init(path: String, size: Int, sha256: String, mode: Int, number: Int) {
    self.path = path
    self.size = size
    self.sha256 = sha256
    self.mode = mode
    self.number = number
  }
}
