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
    credentialsFile: String? = nil, serverURL: String? = nil, logLimit: Int = AttemptLog.defaultLimit,
    grace: Duration = .seconds(10)
  ) {
    self.scratchDirectory = scratchDirectory
    self.cacheDirectory = cacheDirectory
    self.allowLocalRepositories = allowLocalRepositories
    self.credentialsFile = credentialsFile
    self.serverURL = serverURL
    self.logLimit = logLimit
    self.grace = grace
  }

  /// The build's page, if a frontend is known.
  func page(of build: BuildID) -> String? {
    serverURL.map { "\($0)/jobs/\(build.job)/builds/\(build.number)" }
  }
}
