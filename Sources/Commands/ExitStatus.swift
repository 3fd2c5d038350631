import ArgumentParser
import Model

/// How the program ends: the only place that decides exit codes. Thrown by a command that has already said why.
package enum ExitStatus: Int32, Error {
  case good = 0
  /// The build or the check failed, or the server refused.
  case failed = 1
  /// The command line makes no sense.
  case usage = 2
  /// The server, or the stores behind it, could not be reached.
  case unreachable = 3
}

extension ExitStatus {
  /// For a command that ended with an error.
  init(_ error: any Error) {
    switch error {
    case let status as ExitStatus: self = status
    case let failure as CommandFailure: self = ExitStatus(failure.code)
    case is CancellationError: self = .failed
    default: self = ExitStatus(parser: DistCI.exitCode(for: error))
    }
  }

  /// For a build that was waited for; `nil` is the verdict of one that has not ended.
  init(_ verdict: Verdict?) {
    self = verdict == .succeeded ? .good : .failed
  }

  private init(_ code: CommandFailure.Code) {
    switch code {
    case .unreachable, .interrupted, .unavailable: self = .unreachable
    case .refused, .notUnderstood, .damaged, .file: self = .failed
    case .usage: self = .usage
    }
  }

  /// The argument parser's codes are those of `sysexits.h`.
  private init(parser code: ExitCode) {
    switch code {
    case .success: self = .good
    case .validationFailure: self = .usage
    default: self = .failed
    }
  }
}
