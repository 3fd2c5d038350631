@testable import ZooKeeperCoordination

/// Numbers that are the same with every run of the same seed.
final class SeededRandom: Sendable {
  private let state: Locked<UInt64>

  init(_ seed: UInt64) {
    state = Locked(seed)
  }

  /// SplitMix64.
  func next() -> UInt64 {
    state.withLock { state in
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
  }

  func next<Element>(of elements: [Element]) -> Element {
    elements[Int(next() % UInt64(elements.count))]
  }
}
