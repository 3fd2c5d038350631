import CRados
import Glibc
import ObjectStorage

/// An operation that has been submitted. The first of callback and cancellation resumes the waiter; what librados reads
/// and fills lives until the callback in any case.
final class PendingOperation: Sendable {
  private enum State {
    case new
    case waiting(CheckedContinuation<Int32, any Error>)
    case over
  }

  private let state = Locked(State.new)
  private let memory: any Sendable
  private let flights: Flights

  /// - Parameters:
  ///   - memory: kept until the callback.
  ///   - flights: has counted the operation.
  init(keeping memory: any Sendable, of flights: Flights) {
    self.memory = memory
    self.flights = flights
  }

  deinit { flights.end() }

  /// Submits the operation and waits for its end.
  ///
  /// - Parameter submit: gives the operation to librados. When it returns less than zero there is no callback.
  /// - Returns: what the operation returned.
  /// - Throws: `CancellationError` after ``cancel()``.
  func wait(_ submit: (rados_completion_t) -> Int32) async throws -> Int32 {
    try await withCheckedThrowingContinuation { continuation in
      if begin(continuation) { unsafe self.submit(submit) }
    }
  }

  func cancel() {
    resume(throwing: CancellationError())
  }

  private func begin(_ continuation: CheckedContinuation<Int32, any Error>) -> Bool {
    let isNew = state.withLock { state in
      guard case .new = state else { return false }
      state = .waiting(continuation)
      return true
    }
    if !isNew { continuation.resume(throwing: CancellationError()) }
    return isNew
  }

  private func submit(_ submit: (rados_completion_t) -> Int32) {
    let box = unsafe Unmanaged.passRetained(self)
    guard let completion = unsafe Completion(calling: operationEnded, with: box.toOpaque()) else {
      unsafe box.release()
      return finish(-ENOMEM)
    }
    let code = unsafe submit(completion.handle)
    if code >= 0 { return completion.leaveToCallback() }
    unsafe box.release()
    finish(code)
  }

  fileprivate func finish(_ code: Int32) {
    takeContinuation()?.resume(returning: code)
  }

  private func resume(throwing error: any Error) {
    takeContinuation()?.resume(throwing: error)
  }

  private func takeContinuation() -> CheckedContinuation<Int32, any Error>? {
    state.withLock { state in
      defer { state = .over }
      guard case .waiting(let continuation) = state else { return nil }
      return continuation
    }
  }
}

/// Called by librados on a thread of its own, exactly once for each operation that it took.
private func operationEnded(_ completion: rados_completion_t?, _ argument: UnsafeMutableRawPointer?) {
  guard let completion = unsafe completion, let argument = unsafe argument else { return }
  let code = unsafe Completion(adopting: completion).code
  unsafe Unmanaged<PendingOperation>.fromOpaque(argument).takeRetainedValue().finish(code)
}
