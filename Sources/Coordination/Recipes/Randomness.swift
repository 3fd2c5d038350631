import Synchronization

/// Where the recipes take their random choices from: one generator for a whole process, so that a simulator can seed it.
package final class Randomness: Sendable {
  private let generator: Mutex<any RandomNumberGenerator & Sendable>

  package init(_ generator: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()) {
    self.generator = Mutex(generator)
  }

  package func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var generator = Stream(randomness: self)
    return elements.shuffled(using: &generator)
  }

  /// - Parameter count: at least 1.
  package func index(below count: Int) -> Int {
    var generator = Stream(randomness: self)
    return Int.random(in: 0..<count, using: &generator)
  }

  private struct Stream: RandomNumberGenerator {
    let randomness: Randomness

    mutating func next() -> UInt64 { randomness.generator.withLock { $0.next() } }
  }
}
