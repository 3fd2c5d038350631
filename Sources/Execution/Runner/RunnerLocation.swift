internal import Glibc

/// Where the runner's executable is.
package struct RunnerLocation: Sendable, Equatable {
  /// An absolute path.
  package let path: String

  /// The environment variable that overrides the search.
  package static let variable = "DISTCI_RUNNER"

  /// Looks at the variable `DISTCI_RUNNER`, then beside the executable of this process (which is also where tests find it).
  /// Throws `infrastructure`.
  package static func find() throws(ExecutionError) -> RunnerLocation {
    if let given = unsafe getenv(variable).map({ unsafe String(cString: $0) }), !given.isEmpty {
      return try RunnerLocation(checking: given)
    }
    return try RunnerLocation(checking: try executableDirectory() + "/distci-runner")
  }

  /// Takes a path that is known. Throws `infrastructure` unless there is something executable.
  package init(checking path: String) throws(ExecutionError) {
    guard unsafe path.hasPrefix("/") && access(path, X_OK) == 0 else {
      throw ExecutionError(
        code: .infrastructure,
        message: "No executable distci-runner at '\(path)'. Install it beside distci, "
          + "or set \(Self.variable) to its absolute path.",
        errorNumber: ENOENT
      )
    }
    self.path = path
  }

  private static func executableDirectory() throws(ExecutionError) -> String {
    let path = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: Int(PATH_MAX)) { buffer -> String? in
      guard let start = buffer.baseAddress else { return nil }
      let length = unsafe readlink("/proc/self/exe", start, buffer.count)
      guard length > 0, length < buffer.count else { return nil }
      return unsafe String(decoding: buffer[..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
    guard let path, let slash = path.lastIndex(of: "/") else { throw .system("readlink /proc/self/exe", errno) }
    return String(path[..<slash])
  }
}
