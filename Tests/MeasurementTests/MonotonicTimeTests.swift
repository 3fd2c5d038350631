import Dispatch
import Measurement
import Testing

@Suite(.timeLimit(.minutes(1))) struct MonotonicTimeTests {
  @Test func `each point begins something, in order and never early`() async {
    let start = MonotonicTime.now
    let points = (1...20).map { start + $0 * 100_000 }
    let begun = await MonotonicTime.atEach(of: points) { ($0, MonotonicTime.now) }
    #expect(begun.map(\.0) == Array(points.indices))
    #expect(zip(begun, points).allSatisfy { $0.1 >= $1 })
  }

  @Test func `who is cancelled begins nothing more`() async {
    let (begun, told) = AsyncStream.makeStream(of: Int.self)
    let cancelled = DispatchSemaphore(value: 0)
    let task = Task {
      // All are due. The thread is held at the second until the task has been cancelled.
      await MonotonicTime.atEach(of: [0, 0, 0, 0]) { index in
        told.yield(index)
        if index == 1 { cancelled.wait() }
      }.count
    }
    for await index in begun where index == 1 { break }
    task.cancel()
    cancelled.signal()
    #expect(await task.value == 2)
  }
}
