/// Where the file of a job is kept, as the API shows it.
package struct KeptView: Hashable, Sendable, Codable {
  package var repository: String
  /// The path of the file.
  package var file: String
  package var commit: String
  /// The branch, when the commit was read from one.
  package var branch: String?
  /// The job that reads it, and the build that did.
  package var reader: BuildReference
  /// Whether it stands on the default branch; if not, nothing but a push or a pull request starts a build of it.
  package var isDefined: Bool

  enum CodingKeys: String, CodingKey {
    case repository
    case file
    case commit
    case branch
    case reader
    case isDefined = "defined"
  }

  package init(_ kept: KeptJob) {
    repository = kept.repository
    file = kept.file
    commit = kept.commit
    branch = kept.branch
    reader = BuildReference(BuildID(job: kept.by, number: kept.build))
    isDefined = kept.isDefined
  }

  /// In a sentence without its full stop.
  package var text: String {
    let place = "\(file) at \(commit.prefix(12))\(branch.map { " of \($0)" } ?? "")"
    return "kept in \(repository): \(place), read by \(reader.id)"
      + (isDefined ? "" : "; it is not on the default branch, so that only pushes start it")
  }
}
