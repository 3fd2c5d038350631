/// How much one job may hold, so that nothing made from it is unbounded.
package enum JobLimits {
  /// Of the file.
  package static let bytes = 1 << 20
  package static let depth = 64
  /// Values in the file: more take longer to refuse than anybody's request may take.
  package static let values = 50_000
  package static let tasks = 1_000
  package static let parameters = 100
  package static let choices = 100
  package static let triggers = 100
  package static let continuations = 100
  /// That one rule waits for together.
  package static let joinedJobs = 20
  /// Of one task.
  package static let labels = 32
  package static let globs = 100
  package static let arguments = 1_000
  package static let environment = 256
  /// Of one matrix, before any is excluded.
  package static let combinations = 256
  /// Of one split.
  package static let parts = 1...100
  /// Of a task that failed.
  package static let attempts = 1...20
  /// Of the name of a concurrency group, with its references resolved.
  package static let groupBytes = 500
  /// Builds that may hold a concurrency group.
  package static let concurrency = 1...100
  /// Texts to look for in the output of a task, and the bytes of one.
  package static let outputTexts = 20
  package static let outputTextBytes = 1_000
  /// Of a parameter or an environment variable.
  package static let valueBytes = 4_096
  package static let descriptionBytes = 10_000
  /// Job files that one commit may hold, the bytes of one, and of all together.
  package static let keptFiles = 64
  package static let keptFileBytes = 256 << 10
  package static let keptBytes = 4 << 20
  /// Of the defaults of the parameters of a job that is kept in a repository, together: many such builds start at once.
  package static let keptDefaultBytes = 2_048
  package static let priority = -1_000...1_000
  /// After this many diagnostics the rest of a file is not reported.
  package static let diagnostics = 100
}
