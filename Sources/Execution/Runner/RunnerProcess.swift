internal import CExecution
internal import Dispatch
internal import Glibc

/// The runner of commands, one after the other, as its worker sees it: a process, and the descriptors that lead to it.
final class RunnerProcess: Sendable {
  /// What a look at the control socket finds.
  enum Reception {
    case record(distci_record)
    case nothingYet
    case ended
  }

  let control: PolledDescriptor
  let end: PolledDescriptor

  private let spawned: distci_runner

  var pid: Int32 { spawned.pid }

  /// `posix_spawn` blocks its thread until the runner has replaced the image, so it has a thread of its own.
  static let spawning = DispatchQueue(label: "distci.execution.spawn", qos: .userInitiated)

  /// Starts a runner, which waits for a command. Throws `infrastructure`.
  static func spawn(at location: RunnerLocation) async throws -> RunnerProcess {
    try await withCheckedThrowingContinuation { continuation in
      spawning.async {
        continuation.resume(with: Result { try RunnerProcess(at: location) })
      }
    }
  }

  /// Starts a runner and blocks the calling thread meanwhile. Throws `infrastructure`.
  init(at location: RunnerLocation) throws(ExecutionError) {
    spawned = try LiveRunners.withLock { live throws(ExecutionError) in
      let spawned = try Self.start(location.path)
      live.insert(spawned.pid)
      return spawned
    }
    control = PolledDescriptor(spawned.control)
    end = PolledDescriptor(spawned.pidfd)
  }

  private static func start(_ path: String) throws(ExecutionError) -> distci_runner {
    var runner = distci_runner()
    var failedCall: UnsafePointer<CChar>?
    let error = unsafe distci_runner_spawn(path, &runner, &failedCall)
    guard error == 0 else {
      let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "spawn"
      throw .system("\(call) (to start \(path))", error)
    }
    return runner
  }

  /// Hands a command to the runner, which must be waiting, and returns the command's output. Throws `infrastructure` if the
  /// runner is dead already: nothing was begun.
  func begin(_ configuration: RunnerConfiguration) throws(ExecutionError) -> PolledDescriptor {
    var spawned = spawned
    var output: Int32 = -1
    var failedCall: UnsafePointer<CChar>?
    let error = unsafe configuration.bytes.withUnsafeBytes { bytes in
      unsafe distci_runner_begin(&spawned, bytes.baseAddress, bytes.count, &output, &failedCall)
    }
    guard error == 0 else {
      let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "begin"
      throw .system("Handing a command to its runner: \(call)", error)
    }
    return PolledDescriptor(output)
  }

  /// Takes the next record, without waiting. A socket that fails has ended.
  func receive() -> Reception {
    var record = distci_record()
    switch unsafe distci_runner_receive(control.number, &record) {
    case 1: return .record(record)
    case -EAGAIN, -EINTR: return .nothingYet
    default: return .ended
    }
  }

  /// Asks for the end of the tree. A runner that is dead already is noticed elsewhere.
  func requestStop(grace: Duration) {
    _ = distci_runner_request_stop(control.number, grace.wholeMilliseconds)
  }

  /// Ends the runner itself, which no longer answers. Its leader dies with it; the rest of the tree becomes orphans.
  func kill() {
    _ = distci_runner_signal(end.number, SIGKILL)
  }

  /// Waits for the runner's end and lets the kernel forget it.
  func reap() async {
    await end.readable()
    LiveRunners.withLock { live in
      guard live.remove(spawned.pid) != nil else { return }
      waitpid(spawned.pid, nil, WNOHANG)
    }
  }

  /// Lets go of a runner, which ends by itself, and its command with it if there is one. Exactly once, when nobody waits on
  /// the descriptors any more.
  func dismiss() {
    close(spawned.configuration)
    control.close()
    // Unstructured, because nobody needs to wait for a process that does nothing more.
    Task {
      await reap()
      end.close()
    }
  }
}
