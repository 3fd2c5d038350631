import LocalThreads
import Synchronization
import Testing

@Suite("Threads for local stores") struct StoreThreadsTests {
  @Test("are told apart from those that must never wait") func mark() async {
    #expect(!StoreThreads.isCurrent)
    await withTaskExecutorPreference(StoreThreads.shared) {
      #expect(StoreThreads.isCurrent)
      #expect(await StoreThreads.immediate { StoreThreads.isCurrent }.value)
    }
    #expect(await StoreThreads.immediate { StoreThreads.isCurrent }.value == false)
  }

  @Test("A task begins at once, on the thread of who began it, up to the first thing that it waits for")
  func immediate() async {
    await withTaskExecutorPreference(StoreThreads.shared) {
      let (news, feed) = AsyncStream.makeStream(of: Int.self)
      let order = Mutex<[String]>([])
      let task = StoreThreads.immediate {
        order.withLock { $0.append("begun") }
        for await number in news { return (number, StoreThreads.isCurrent) }
        return (0, false)
      }
      order.withLock { $0.append("went on") }
      feed.yield(7)
      let (number, isCurrent) = await task.value
      #expect(number == 7 && isCurrent)
      #expect(order.withLock { $0 } == ["begun", "went on"])
    }
  }

  @Test("Who began a task hears of its failure only from its value") func failure() async {
    struct Failure: Error {}
    let task = StoreThreads.immediate { throw Failure() }
    await #expect(throws: Failure.self) { try await task.value }
  }
}
