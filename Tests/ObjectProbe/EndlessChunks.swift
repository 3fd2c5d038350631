/// 1 MiB again and again; says so each time.
struct EndlessChunks: AsyncSequence, AsyncIteratorProtocol {
  private var number = 0

  mutating func next() async throws -> [UInt8]? {
    number += 1
    acknowledge(number)
    return [UInt8](repeating: 7, count: 1 << 20)
  }

  func makeAsyncIterator() -> EndlessChunks { self }
}
