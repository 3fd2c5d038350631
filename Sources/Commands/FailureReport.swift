import ArgumentParser
import Model

/// What is said when a command ends with an error.
struct FailureReport {
  let status: ExitStatus
  private let text: String

  init(_ error: any Error, json: Bool) {
    status = ExitStatus(error)
    switch error {
    case is ExitStatus: text = ""
    case let failure as CommandFailure: text = json ? failure.json : failure.text
    case is CancellationError: text = "cancelled"
    default: text = DistCI.fullMessage(for: error)
    }
  }

  func print(on console: Console) async -> ExitStatus {
    guard !text.isEmpty else { return status }
    do {
      if status == .good {
        try await console.print(text)
      } else {
        try await console.note(text)
      }
    } catch {
      // Nobody listens any more; the exit code still speaks.
    }
    return status
  }
}
