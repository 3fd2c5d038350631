/// An untrusted command: what is run, and in which surroundings.
///
/// It starts with an empty stdin, no further descriptors than stdout and stderr, default signals, and a umask of 022. Of the
/// worker it has the user, the resource limits that are not set otherwise, and the control group.
package struct Command: Sendable, Equatable {
  /// The argument vector, at least one. The first is a path, or a name that is looked up in the `PATH` of `environment`.
  /// It is executed as it is: a script needs its `#!` line.
  package var arguments: [String]

  /// The whole environment. A name is not empty and holds no `=`.
  package var environment: [String: String]

  /// An absolute path. It must exist when the command starts.
  package var workingDirectory: String

  /// Describes a command. Nothing is checked before it is run.
  package init(arguments: [String], environment: [String: String], workingDirectory: String) {
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
  }
}
