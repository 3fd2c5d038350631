/// A step towards a command's first instruction that depends on the command.
package enum StartStep: Sendable, Equatable {
  /// Changing to the working directory.
  case workingDirectory
  /// Setting the resource limits.
  case resourceLimits
  /// Executing the program.
  case execute
}
