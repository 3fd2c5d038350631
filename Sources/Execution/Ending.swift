/// Why a command ended.
package enum Ending: Sendable, Equatable {
  /// By itself, with this status, 0 to 255.
  case exited(UInt8)
  /// By a signal with this number that Execution did not send.
  case signalled(Int32)
  /// Execution stopped it, because a limit was reached.
  case timedOut(Timeout)
  /// Execution stopped it, because the task that ran it was cancelled.
  case cancelled
}
