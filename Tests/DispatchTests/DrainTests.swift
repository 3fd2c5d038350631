import Synchronization
import Testing
import Workers

struct DrainTests {
  @Test("A listener hears of each later stage while its body runs, of the present one at once, and of none after")
  func listeners() async throws {
    let drain = Drain()
    let heard = Mutex<[Drain.Stage]>([])
    try await drain.withListener({ stage in heard.withLock { $0.append(stage) } }) {
      drain.advance(to: .finishing)
      drain.advance(to: .finishing)
    }
    drain.advance(to: .handingBack)
    #expect(heard.withLock { $0 } == [.finishing])
    try await drain.withListener({ stage in heard.withLock { $0.append(stage) } }) {}
    #expect(heard.withLock { $0 } == [.finishing, .handingBack])
  }
}
