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

  package init(record: BuildRecord, version: Int, started: [BuildID], notes: [String]) {
    self.record = record
    self.version = version
    self.started = started
    self.notes = notes
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
