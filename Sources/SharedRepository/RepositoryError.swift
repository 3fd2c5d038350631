package import Model

/// Why the shared repository did not do what it was asked.
package struct RepositoryError: Error, Hashable, Sendable, CustomStringConvertible {
  /// Told apart by what the caller can do about it.
  package enum Code: String, Hashable, Sendable {
    /// There is no such job, build, task or artifact.
    case notFound = "not-found"
    /// It was kept as long as its job said, and is gone.
    case expired
    /// What was asked is not possible as it was asked.
    case invalid
    /// Something stands in the way now.
    case conflict
    /// A store cannot be reached. Try again.
    case unavailable
    /// A store has no room.
    case noSpace = "no-space"
    /// What is stored is not what was written.
    case damaged
  }

  package var code: Code
  /// A sentence without its final full stop.
  package var message: String
  package var remedy: String

  package init(_ code: Code, _ message: String, remedy: String) {
    self.code = code
    self.message = message
    self.remedy = remedy
  }

  package init(_ error: ValidationError) {
    self.init(.invalid, error.message, remedy: error.remedy)
  }

  package var description: String { "\(message); \(remedy)" }

  package static func noJob(_ job: JobName) -> RepositoryError {
    RepositoryError(.notFound, "there is no job \(job)", remedy: "list the jobs with 'distci job list'")
  }

  package static func noBuild(_ build: BuildID) -> RepositoryError {
    RepositoryError(
      .notFound, "there is no build \(build)", remedy: "list the job's builds with 'distci build list \(build.job)'")
  }
}
