/// Where the file of a job is kept.
package struct KeptJob: Hashable, Sendable, Codable {
  /// The job that reads it.
  package var by: JobName
  /// As that job names it.
  package var repository: String
  /// The path of the file.
  package var file: String
  /// In hexadecimal.
  package var commit: String
  /// Hostile text.
  package var branch: String?
  /// The number of the build that read it.
  package var build: Int
  /// Whether it is what the job is; if not, it was only built from a branch or a pull request so far.
  package var isDefined: Bool

  package init(
    by reader: JobName, repository: String, file: String, commit: String, branch: String?, build: Int, isDefined: Bool
  ) {
    by = reader
    self.repository = repository
    self.file = file
    self.commit = commit
    self.branch = branch
    self.build = build
    self.isDefined = isDefined
  }

  /// Whether it is the same job's file as that of a later reading: of the same reader, in the same repository.
  package func isOwned(like other: KeptJob) -> Bool {
    by == other.by && RepositoryIdentity.of(repository) == RepositoryIdentity.of(other.repository)
  }
}
