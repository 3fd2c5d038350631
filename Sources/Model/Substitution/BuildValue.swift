/// The values that every build has besides its parameters, by the names that `${…}` knows them under. A parameter may
/// not be called like one of them, see ``isReserved``.
package enum BuildValue: String, Hashable, Sendable, CaseIterable {
  /// The branch that was pushed, or that is to be merged; empty if the build was started otherwise.
  case branch
  /// The commit that was pushed, or that is to be merged; empty if the build was started otherwise.
  case commit
  /// The number of the pull request; empty if the build was started otherwise.
  case pullRequest
  /// What started the build.
  case event
  /// The build's number.
  case build
  /// The job's name.
  case job

  /// Whether no parameter may be called so. One that came later than the others is hidden by a parameter of its name, for
  /// there are jobs that have one.
  package var isReserved: Bool { self != .pullRequest }
}
