internal import Glibc
internal import Synchronization

/// Carries the output from the pipe to its consumer. The consumer is awaited before more is read: when it is slow the pipe
/// fills up, and the command waits in `write`.
struct OutputPump<Instant: InstantProtocol>: Sendable {
  let pipe: PolledDescriptor
  let activity: Activity<Instant>
  let now: @Sendable () -> Instant
  let consume: @Sendable (ArraySlice<UInt8>) async throws -> Void
  /// As `read(2)`, with the buffer's size as the most.
  var read: @Sendable (Int32, inout [UInt8]) -> Int = { number, buffer in
    unsafe buffer.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
  }

  /// Thousands of commands say little: a buffer starts small, and grows while reads fill it.
  private static var smallestBuffer: Int { 4 << 10 }
  private static var largestBuffer: Int { 64 << 10 }

  /// After the end of the tree, no more than a pipe of the largest usual size is taken from who may still write into it.
  private static var lastBytes: Int { 1 << 20 }

  /// Ends with the pipe, or when nothing is in it after `pipe.release()`. What follows a failure of the consumer is read and
  /// dropped, so that the command does not block; `refused` is told of it once.
  func run(refused: (any Error) -> Void) async {
    var buffer = [UInt8](repeating: 0, count: Self.smallestBuffer)
    var allowance = Self.lastBytes
    var isConsuming = true
    while allowance > 0 {
      // Asked before the read: what is written between a read that finds nothing and the release is not the end.
      let isReleased = pipe.isReleased
      let count = read(pipe.number, &buffer)
      if count < 0 && errno == EINTR { continue }
      if count < 0 && errno == EAGAIN && !isReleased {
        await pipe.readable()
        continue
      }
      guard count > 0 else { return }
      if isReleased { allowance -= count }
      if isConsuming {
        isConsuming = await deliver(buffer[..<count], refused)
      }
      if count == buffer.count && count < Self.largestBuffer {
        buffer = [UInt8](repeating: 0, count: count * 4)
      }
    }
  }

  private func deliver(_ chunk: ArraySlice<UInt8>, _ refused: (any Error) -> Void) async -> Bool {
    activity.beginDelivery()
    defer { activity.endDelivery(at: now()) }
    do {
      try await consume(chunk)
      return true
    } catch {
      refused(error)
      return false
    }
  }
}
