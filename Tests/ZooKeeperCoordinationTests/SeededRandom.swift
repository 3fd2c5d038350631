import Measurement

@testable import ZooKeeperCoordination

/// Numbers that are the same with every run of the same seed.
final class SeededRandom: Sendable {
  private let generator: Locked<SeededGenerator>

  init(_ seed: UInt64) {
    generator = Locked(SeededGenerator(seed: seed))
  }

  func next() -> UInt64 { generator.withLock { $0.next() } }

  func next<Element>(of elements: [Element]) -> Element {
    elements[Int(next() % UInt64(elements.count))]
  }
}
