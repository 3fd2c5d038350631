import Foundation
import Glibc
import Synchronization

/// Takes the records of `distci-stamp`: a named pipe, and who waits for which number.
package final class StampPipe: Sendable {
  private struct State {
    var arrived: [Int: UInt64] = [:]
    var waiting: [Int: CheckedContinuation<UInt64, any Error>] = [:]
    var isClosed = false
  }

  package let path: String
  private let descriptor: Int32
  private let state = Mutex(State())

  /// Makes the pipe and begins to read it.
  ///
  /// - Parameter path: of a file that is not there yet.
  /// - Throws: ``MeasurementError``.
  package init(_ path: String) throws {
    self.path = path
    guard unsafe mkfifo(path, 0o600) == 0 else { throw MeasurementError("mkfifo \(path)", errno: errno) }
    // Open for writing, too: so the pipe has no end while nobody stamps.
    descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
    guard descriptor >= 0 else { throw MeasurementError("opening \(path)", errno: errno) }
    let thread = Thread { [self] in read() }
    thread.name = "stamps"
    thread.start()
  }

  /// The time of the first instruction of the process with this number, once it has run.
  ///
  /// - Throws: `CancellationError` when the task is cancelled; ``MeasurementError`` when the pipe is closed.
  package func stamp(of number: Int) async throws -> UInt64 {
    try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { continuation in
        let known = state.withLock { state -> Result<UInt64, any Error>? in
          if let stamp = state.arrived.removeValue(forKey: number) { return .success(stamp) }
          if state.isClosed { return .failure(MeasurementError("the stamps' pipe is closed")) }
          if Task.isCancelled { return .failure(CancellationError()) }
          state.waiting[number] = continuation
          return nil
        }
        if let known { continuation.resume(with: known) }
      }
    } onCancel: {
      state.withLock { $0.waiting.removeValue(forKey: number) }?.resume(throwing: CancellationError())
    }
  }

  /// Ends the reading and removes the pipe.
  package func close() {
    state.withLock { $0.isClosed = true }
    // Wakes the reader, which then sees that it is over.
    write([0, 0])
    unlink()
  }

  private func unlink() { _ = unsafe Glibc.unlink(path) }

  private func write(_ record: [UInt64]) {
    _ = unsafe record.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
  }

  private func read() {
    var records = [UInt64](repeating: 0, count: 512)
    while !state.withLock({ $0.isClosed }) {
      let count = unsafe records.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      guard count > 0 else { continue }
      for index in stride(from: 0, to: count / 8 - 1, by: 2) { take(records[index], number: Int(records[index + 1])) }
    }
    Glibc.close(descriptor)
    let left = state.withLock { state in
      defer { state.waiting = [:] }
      return state.waiting.values
    }
    for waiter in left { waiter.resume(throwing: MeasurementError("the stamps' pipe is closed")) }
  }

  private func take(_ nanoseconds: UInt64, number: Int) {
    let waiter = state.withLock { state -> CheckedContinuation<UInt64, any Error>? in
      if let waiter = state.waiting.removeValue(forKey: number) { return waiter }
      state.arrived[number] = nanoseconds
      return nil
    }
    waiter?.resume(returning: nanoseconds)
  }
}
