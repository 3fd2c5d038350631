import Glibc
import Synchronization
import Testing

@testable import Execution

@Suite(.timeLimit(.minutes(1)))
struct OutputPumpTests {
  @Test func `the last words are read, also when they come just after a look that found nothing`() async {
    var ends: [Int32] = [-1, -1]
    #expect(unsafe Glibc.pipe(&ends) == 0)
    #expect(fcntl(ends[0], F_SETFL, O_NONBLOCK) == 0)
    let writer = ends[1]
    let pipe = PolledDescriptor(ends[0])
    let looks = Mutex(0)
    let output = Mutex<[UInt8]>([])
    var pump = OutputPump(pipe: pipe, activity: Activity(since: ContinuousClock.now), now: { .now }) { chunk in
      output.withLock { $0 += chunk }
    }
    let readNow = pump.read
    pump.read = { number, buffer in
      let count = readNow(number, &buffer)
      let isFirst = looks.withLock { looks in
        looks += 1
        return looks == 1
      }
      guard isFirst else { return count }
      // Before the pump comes to think about having found nothing, the tree says something and is gone.
      _ = unsafe write(writer, "last words", 10)
      pipe.release()
      errno = EAGAIN
      return count
    }
    await pump.run { _ in }
    #expect(String(decoding: output.withLock { $0 }, as: UTF8.self) == "last words")
    pipe.close()
    Glibc.close(writer)
  }
}
