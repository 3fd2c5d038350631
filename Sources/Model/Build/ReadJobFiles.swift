/// The job files that a task read out of a commit.
package struct ReadJobFiles: Hashable, Sendable, Codable {
  package struct File: Hashable, Sendable, Codable {
    package var path: String
    /// The job's canonical text.
    package var text: String

    package init(path: String, text: String) {
      self.path = path
      self.text = text
    }
  }

  /// Where they were read, in hexadecimal.
  package var commit: String
  /// Whether that was the head of the default branch, as the server said then.
  package var isDefault: Bool
  /// The files that the push or the pull request changed; `nil` when that is not known.
  package var changed: [String]?
  package var files: [File]

  package init(commit: String, isDefault: Bool, changed: [String]?, files: [File]) {
    self.commit = commit
    self.isDefault = isDefault
    self.changed = changed
    self.files = files
  }
}
