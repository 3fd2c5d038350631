import Dispatch
import Glibc

/// A process that is started with nothing around it: the floor of every way to start one.
package enum BareProcess {
  private static let queue = DispatchQueue(label: "measurement.processes", attributes: .concurrent)

  /// Starts a program and waits for its end. Blocks.
  ///
  /// - Throws: ``MeasurementError`` when it cannot be started, or does not exit with 0.
  package static func run(_ arguments: [String]) throws {
    var pid: pid_t = 0
    let strings = unsafe arguments.map { unsafe strdup($0) }
    defer { unsafe strings.forEach { unsafe free($0) } }
    let error = unsafe posix_spawn(&pid, arguments[0], nil, nil, strings + [nil], [nil])
    guard error == 0 else { throw MeasurementError("posix_spawn \(arguments[0])", errno: error) }
    var status: Int32 = 0
    while unsafe waitpid(pid, &status, 0) < 0 && errno == EINTR {}
    guard status == 0 else { throw MeasurementError("\(arguments[0]) ended with wait status \(status)") }
  }

  /// Does work that blocks on a thread for such.
  package static func blocking<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      queue.async { continuation.resume(with: Result(catching: work)) }
    }
  }
}
