internal import Glibc

/// The system's text for an error number, e.g. "No such file or directory".
func errorText(_ number: Int32) -> String {
  unsafe String(cString: strerror(number))
}

extension ExecutionError {
  /// A system call failed in this process.
  static func system(_ call: String, _ number: Int32) -> ExecutionError {
    ExecutionError(
      code: .infrastructure,
      message: "\(call) failed: \(errorText(number))",
      errorNumber: number
    )
  }
}
