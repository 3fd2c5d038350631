import Model

/// What the operator of a worker decides.
package struct WorkerConfiguration: Hashable, Sendable {
  /// Where attempts have their folders while they run. Absolute; made when it is missing. Workers of one host may share it.
  package var scratchDirectory: String
  /// Where mirrors of repositories are kept between builds. Absolute; made when it is missing. Workers of one host may
  /// share it.
  package var cacheDirectory: String
  /// Whether tasks may check out repositories of this machine: `file://` and paths.
  package var allowLocalRepositories: Bool
  /// A file of passwords in the format of `git-credential-store`; absolute.
  package var credentialsFile: String?
  /// The same for `git-promote`: whoever may write to a repository is not whoever may read it.
  package var promoteCredentialsFile: String?
  /// The address of a frontend, without a slash at its end, for links that tasks are told.
  package var serverURL: String?
  /// How many bytes of an attempt's output are kept.
  package var logLimit: Int
  /// Time between SIGTERM and SIGKILL when a command is stopped.
  package var grace: Duration

  /// - Parameters:
  ///   - logLimit: more than any sane build writes, and little enough for a page to load.
  ///   - grace: what a database or a test runner takes to shut down in good order.
  package init(
    scratchDirectory: String, cacheDirectory: String, allowLocalRepositories: Bool = false,
    credentialsFile: String? = nil, promoteCredentialsFile: String? = nil, serverURL: String? = nil,
    logLimit: Int = AttemptLog.defaultLimit, grace: Duration = .seconds(10)
  ) {
    self.scratchDirectory = scratchDirectory
    self.cacheDirectory = cacheDirectory
    self.allowLocalRepositories = allowLocalRepositories
    self.credentialsFile = credentialsFile
    self.promoteCredentialsFile = promoteCredentialsFile
    self.serverURL = serverURL
    self.logLimit = logLimit
    self.grace = grace
  }

  /// With the passwords of a worker that writes to repositories, in place of those of one that reads.
  package var forPromotion: Self {
    var configuration = self
    configuration.credentialsFile = promoteCredentialsFile
    return configuration
  }

  /// The build's page, if a frontend is known.
  func page(of build: BuildID) -> String? {
    serverURL.map { "\($0)/jobs/\(build.job)/builds/\(build.number)" }
  }
}
