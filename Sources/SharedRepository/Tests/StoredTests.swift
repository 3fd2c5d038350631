package import Model
package import ObjectStorage

/// What the index of test results says of a build.
package struct StoredTests: Hashable, Sendable, Codable {
  /// How many results there are.
  package var runs: Int
  /// Bytes of the object that holds them.
  package var bytes: Int
  /// Whether it is known what files of split tasks took.
  package var hasTimes: Bool
  /// Which of the ends of the build wrote it: of two, the later one is right.
  package var end: End
  /// Those that it took the place of, whose objects may be there still.
  package var earlier: [End]

  /// One attempt to end a build.
  package struct End: Hashable, Sendable, Codable {
    /// After a lost write, another build may get the same number.
    package var requestID: String
    /// The version of the running build's node from which it was to be ended.
    package var version: Int
  }
}

/// What the files of a build's split tasks took, in milliseconds, by ``Plan/lastingName(of:)``.
package typealias BuildFileTimes = [TaskName: [String: Int]]

/// What a build that is about to end tells of tests.
package struct EndedTests: Sendable {
  package var results: BuildTests
  package var times: BuildFileTimes
  /// What could not be kept, in sentences.
  package var notes: [String]

  package init(results: BuildTests, times: BuildFileTimes, notes: [String]) {
    self.results = results
    self.times = times
    self.notes = notes
  }
}

extension ObjectMap {
  package static func tests(of job: JobName) -> ObjectKey { ObjectKey("indexes/tests") / job.rawValue }

  private static func tests(of build: BuildID, _ end: StoredTests.End) -> ObjectKey {
    ObjectKey("tests/\(build)/\(ObjectKey.escape(end.requestID))/\(end.version)")
  }

  static func testResults(of build: BuildID, _ end: StoredTests.End) -> ObjectKey { tests(of: build, end) / "results" }

  static func fileTimes(of build: BuildID, _ end: StoredTests.End) -> ObjectKey { tests(of: build, end) / "times" }
}
