/// How a command that had started came to its end. Its whole process tree is gone.
package struct Completion: Sendable, Equatable {
  /// Why the command ended.
  package var ending: Ending

  /// When the command was forked.
  package var started: MonotonicInstant

  /// When the command itself ended; what it left behind may have lived on for the grace.
  package var finished: MonotonicInstant

  /// What the whole process tree used.
  package var usage: ResourceUsage

  /// How many processes only SIGKILL could end.
  package var killedSurvivors: Int

  /// How long the command ran.
  package var elapsed: Duration { started.duration(to: finished) }
}
