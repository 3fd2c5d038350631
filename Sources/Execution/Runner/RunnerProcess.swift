internal import CExecution
internal import Dispatch
internal import Glibc

/// The runner of one command, as its worker sees it: a process, and the descriptors that lead to it.
final class RunnerProcess: Sendable {
  /// What a look at the control socket finds.
  enum Reception {
    case record(distci_record)
    case nothingYet
    case ended
  }

  let pid: Int32
  let control: PolledDescriptor
  let output: PolledDescriptor
  let end: PolledDescriptor

  /// `posix_spawn` blocks its thread until the runner has replaced the image, so it has a thread of its own.
  private static let spawning = DispatchQueue(label: "distci.execution.spawn", qos: .userInitiated)

  /// Starts a runner. Throws `infrastructure`.
  static func spawn(at location: RunnerLocation, _ configuration: RunnerConfiguration) async throws -> RunnerProcess {
    try await withCheckedThrowingContinuation { continuation in
      spawning.async {
        continuation.resume(with: Result { try RunnerProcess(location, configuration) })
      }
    }
  }

  private init(_ location: RunnerLocation, _ configuration: RunnerConfiguration) throws {
    let spawned = try LiveRunners.withLock { live throws(ExecutionError) in
      let spawned = try Self.spawn(location.path, configuration.bytes)
      live.insert(spawned.pid)
      return spawned
    }
    pid = spawned.pid
    control = PolledDescriptor(spawned.control)
    output = PolledDescriptor(spawned.output)
    end = PolledDescriptor(spawned.pidfd)
  }

  private static func spawn(_ path: String, _ bytes: [UInt8]) throws(ExecutionError) -> distci_runner {
    var runner = distci_runner()
    var failedCall: UnsafePointer<CChar>?
    let error = unsafe bytes.withUnsafeBytes { bytes in
      unsafe distci_runner_spawn(path, bytes.baseAddress, bytes.count, &runner, &failedCall)
    }
    guard error == 0 else {
      let call = unsafe failedCall.map { unsafe String(cString: $0) } ?? "spawn"
      throw .system("\(call) (to start \(path))", error)
    }
    return runner
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

  /// Waits for the runner's end and lets the kernel forget it. No pid of it may be used afterwards.
  func reap() async {
    await end.readable()
    LiveRunners.withLock { live in
      waitpid(pid, nil, WNOHANG)
      live.remove(pid)
    }
  }

  /// Closes the descriptors. Exactly once, when nobody waits on them any more.
  func close() {
    control.close()
    output.close()
    end.close()
  }
}
