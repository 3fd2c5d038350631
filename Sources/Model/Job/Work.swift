/// What a task does: one case for each kind of worker that users can address.
package enum Work: Hashable, Sendable, Codable {
  case gitCheckout(GitCheckout)
  case executeShell(ExecuteShell)
  case publishArtifacts(PublishArtifacts)
  case copyArtifacts(CopyArtifacts)
  case gitPromote(GitPromote)
}

/// Puts the files of one commit into the workspace.
package struct GitCheckout: Hashable, Sendable, Codable {
  /// A clone URL or a path. Never holds a password.
  package var repository: String
  /// A branch, a tag, a full ref name or a commit.
  package var ref: String
  /// Where the files go, relative to the workspace; empty means the workspace itself.
  package var directory: String
  package var submodules: Bool
  /// The job files that it reads out of the commit, if it does.
  package var jobFiles: JobFiles?

  /// The head of the repository's default branch.
  package static let defaultRef = "HEAD"

  package init(
    repository: String, ref: String = defaultRef, directory: String = "", submodules: Bool = false,
    jobFiles: JobFiles? = nil
  ) {
    self.jobFiles = jobFiles
    self.repository = repository
    self.ref = ref
    self.directory = directory
    self.submodules = submodules
  }
}

/// Runs a command in the workspace.
package struct ExecuteShell: Hashable, Sendable, Codable {
  package enum Command: Hashable, Sendable, Codable {
    /// Given to `/bin/sh -e`, as it is: nothing in it is ever substituted.
    case script(String)
    /// A program and its arguments, without a shell.
    case arguments([String])
  }

  package var command: Command
  /// Added to what every task sees; may not name a variable that starts with `DISTCI_`.
  package var environment: [String: String]
  /// Where the command starts, relative to the workspace; empty means the workspace itself.
  package var directory: String
  /// The file, relative to the workspace, in which it writes a list of tasks that are to join the build.
  package var generates: String?
  /// Stands for one task for each part, which finds its files in a list.
  package var split: Split?
  /// Globs over the JUnit reports that it writes, relative to the workspace.
  package var reports: [String]

  package init(
    command: Command, environment: [String: String] = [:], directory: String = "", generates: String? = nil,
    split: Split? = nil, reports: [String] = []
  ) {
    self.command = command
    self.environment = environment
    self.directory = directory
    self.generates = generates
    self.split = split
    self.reports = reports
  }
}

/// Keeps files of the workspace as the build's artifacts.
package struct PublishArtifacts: Hashable, Sendable, Codable {
  package enum IfMissing: String, Hashable, Sendable, Codable, CaseIterable {
    case fail, warn, ignore
  }

  /// Globs relative to the workspace; `**` crosses directories.
  package var files: [String]
  /// What to do when a glob matches nothing.
  package var ifMissing: IfMissing
  /// How long they live from the end of the build on, in seconds; for ever without it.
  package var keep: Int?

  /// Of ``keep``: a second to ten years.
  package static let keepRange = 1...315_360_000

  package init(files: [String], ifMissing: IfMissing = .fail, keep: Int? = nil) {
    self.files = files
    self.ifMissing = ifMissing
    self.keep = keep
  }
}

/// Copies artifacts of another build into the workspace.
package struct CopyArtifacts: Hashable, Sendable, Codable {
  package var job: JobName
  /// `latest-successful`, `latest`, `triggering` or a number.
  package var build: String
  /// Globs over artifact paths.
  package var files: [String]
  /// Where they go, relative to the workspace; empty means the workspace itself.
  package var into: String
  /// What to do when a glob matches none of the build's artifacts, or there is no such build.
  package var ifMissing: PublishArtifacts.IfMissing

  package init(
    job: JobName, build: String = "latest-successful", files: [String], into: String = "",
    ifMissing: PublishArtifacts.IfMissing = .fail
  ) {
    self.job = job
    self.build = build
    self.files = files
    self.into = into
    self.ifMissing = ifMissing
  }
}

/// Moves a ref of a repository to the commit that the build was made of.
package struct GitPromote: Hashable, Sendable, Codable {
  /// A clone URL or a path. Never holds a password.
  package var repository: String
  /// A branch, or a full ref name.
  package var ref: String
  /// Whether the ref may be moved to a commit that does not follow the one where it is.
  package var force: Bool

  package init(repository: String, ref: String, force: Bool = false) {
    self.repository = repository
    self.ref = ref
    self.force = force
  }

  /// The ref's full name.
  package var fullRef: String { ref.hasPrefix("refs/") ? ref : "refs/heads/\(ref)" }
}
