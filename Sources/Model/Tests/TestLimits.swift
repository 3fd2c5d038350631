/// How much is read and kept of what tests report.
package enum TestLimits {
  /// Of one attempt: report files, bytes of one and of all together, results, and messages of those that failed.
  package static let reports = 1_000
  package static let reportBytes = 16 << 20
  package static let allReportBytes = 64 << 20
  package static let results = 20_000
  package static let messages = 200
  /// Of one result.
  package static let nameBytes = 500
  package static let messageBytes = 1_000
  /// Of one build.
  package static let runs = 50_000
  /// Builds of a job whose results are kept, and from how many the times of files are learned.
  package static let builds = 100
  package static let buildsToLearnFrom = 5
  /// Results of one test that its history holds, and of all tests that are read for a list.
  package static let history = 100
  package static let read = 100_000
  /// Bytes of the objects from which those are read.
  package static let readBytes = 32 << 20
  /// Files of a split task, and of all whose times a build tells; and the bytes of their names.
  package static let files = 20_000
  package static let fileNameBytes = 3 << 20
}
