internal import CExecution
internal import Dispatch
internal import Glibc

/// A process of ours that this one started and looks after. It learns at once when it ends, and the process learns at once
/// when this one does: through a ``SupervisorLink``.
package final class SupervisedProcess: Sendable {
  /// How a process ended.
  package enum End: Hashable, Sendable, CustomStringConvertible {
    case exited(Int32)
    case killed(signal: Int32)

    package var description: String {
      switch self {
      case .exited(let code): "exit code \(code)"
      case .killed(let signal): "signal \(signal)"
      }
    }
  }

  package let pid: Int32
  private let link: MessageLink
  private let exit: PolledDescriptor

  /// Starts the program that this process runs, also when its file has been replaced since.
  ///
  /// - Parameters:
  ///   - arguments: without the program's name. They are for everybody on the machine to read.
  ///   - environment: all of it; nothing is inherited.
  /// - Throws: `infrastructure`.
  package static func start(
    arguments: [String], environment: [String: String]
  ) async throws -> SupervisedProcess {
    try await withCheckedThrowingContinuation { continuation in
      RunnerProcess.spawning.async {
        continuation.resume(with: Result { try SupervisedProcess(arguments, environment) })
      }
    }
  }

  private init(_ arguments: [String], _ environment: [String: String]) throws(ExecutionError) {
    let variables = environment.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
    let spawned = try Self.spawn("/proc/self/exe", ["distci"] + arguments, variables)
    pid = spawned.pid
    link = MessageLink(spawned.link)
    exit = PolledDescriptor(spawned.pidfd)
  }

  private static func spawn(
    _ path: String, _ arguments: [String], _ environment: [String]
  ) throws(ExecutionError) -> distci_supervised {
    var argumentList = unsafe arguments.map { unsafe strdup($0) } + [nil]
    var environmentList = unsafe environment.map { unsafe strdup($0) } + [nil]
    defer { unsafe (argumentList + environmentList).forEach { unsafe free($0) } }
    var process = distci_supervised()
    var failedCall: UnsafePointer<CChar>?
    let error = unsafe distci_supervised_spawn(path, &argumentList, &environmentList, &process, &failedCall)
    guard error == 0 else {
      let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "spawn"
      throw .system("\(call) (to start \(arguments.joined(separator: " ")))", error)
    }
    return process
  }

  /// Sends it a signal. One that has ended is noticed elsewhere.
  package func signal(_ number: Int32) { _ = distci_supervised_signal(exit.number, number) }

  /// Calls `heard` with each message that the process sends, and returns when it has ended. To be called once.
  package func run(heard: @escaping @Sendable (String) -> Void) async -> End {
    // Unstructured, so that a cancelled caller does not leave a process unreaped; it ends with the process.
    let messages = Task {
      while let message = await link.next() { heard(message) }
    }
    await exit.readable()
    // All that it has sent is in the socket now. The end may not be: something that it started may still have a copy.
    link.release()
    await messages.value
    let code = distci_supervised_reap(pid)
    link.close()
    exit.close()
    return code >= 256 ? .killed(signal: code - 256) : .exited(code)
  }
}
