import Model

/// A test in a report.
struct ReportedCase: Hashable, Sendable {
  var result: TestResult
  /// What may tell the file that it stands in, the best first.
  var hints: [String]
}

/// Why a report is not read.
struct ReportError: Error, Hashable {
  /// A sentence without its subject and full stop.
  let message: String

  init(_ message: String) {
    self.message = message
  }
}
