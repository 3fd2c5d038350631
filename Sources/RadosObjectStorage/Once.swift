import Synchronization

/// Lets one caller through, for what C takes exactly once.
struct Once: ~Copyable, Sendable {
  private let isTaken = Atomic(false)

  /// - Returns: `true` the first time.
  func take() -> Bool {
    !isTaken.exchange(true, ordering: .acquiringAndReleasing)
  }
}
