internal import CExecution

/// What a runner reports, as an event.
extension Lifecycle.Event {

  /// Returns nil for what no runner of this build sends. The command is needed to name what failed.
  init?(_ record: distci_record, of command: Command) {
    let instant = MonotonicInstant(nanoseconds: record.nanoseconds)
    switch distci_record_kind(record.kind) {
    case DISTCI_STARTED:
      self = .started(leader: record.pid, at: instant)
    case DISTCI_FAILED:
      self = .failed(Self.failure(distci_step(record.step), record.error, command))
    case DISTCI_EXITED:
      let ending: Ending =
        record.signal != 0 ? .signalled(record.signal) : .exited(UInt8(truncatingIfNeeded: record.exit_code))
      self = .exited(ending, at: instant)
    case DISTCI_GONE:
      let usage = ResourceUsage(
        userTime: .microseconds(record.user_us),
        systemTime: .microseconds(record.system_us),
        maximumResidentKiB: record.max_rss_kib
      )
      self = .treeGone(killed: Int(record.killed), usage: usage)
    default:
      return nil
    }
  }

  /// Whether a runner says nothing after this.
  var isLastOfRunner: Bool {
    switch self {
    case .failed, .treeGone: true
    default: false
    }
  }

  private static func failure(_ step: distci_step, _ number: Int32, _ command: Command) -> ExecutionError {
    let (code, what): (ExecutionError.Code, String) =
      switch step {
      case DISTCI_STEP_WORKING_DIRECTORY:
        (.notStarted(.workingDirectory), "its working directory '\(command.workingDirectory)' cannot be entered")
      case DISTCI_STEP_LIMITS:
        (.notStarted(.resourceLimits), "its resource limits cannot be set")
      case DISTCI_STEP_EXECUTE:
        (.notStarted(.execute), "'\(command.arguments.first ?? "")' cannot be executed")
      default:
        (.infrastructure, "the runner failed in step \(step.rawValue)")
      }
    let message = "The command did not start: \(what): \(errorText(number))."
    return ExecutionError(code: code, message: message, errorNumber: number)
  }
}
