/// 1 MiB again and again.
struct EndlessChunks: AsyncSequence, AsyncIteratorProtocol {
  private let count: Int
  private let acknowledges: Bool
  private var number = 0

  /// - Parameters:
  ///   - count: how often.
  ///   - acknowledges: says so each time.
  init(count: Int = .max, acknowledges: Bool = false) {
    self.count = count
    self.acknowledges = acknowledges
  }

  mutating func next() async throws -> [UInt8]? {
    if number == count { return nil }
    number += 1
    if acknowledges { acknowledge(number) }
    return [UInt8](repeating: 7, count: 1 << 20)
  }

  func makeAsyncIterator() -> EndlessChunks { self }
}
