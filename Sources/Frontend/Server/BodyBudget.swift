import Synchronization

/// The bytes that all bodies under way may hold together, so that many large ones at once do not take all memory.
final class BodyBudget: Sendable {
  private let free: Mutex<Int>

  init(bytes: Int) {
    free = Mutex(bytes)
  }

  /// - Returns: whether there was room for so many.
  func take(_ bytes: Int) -> Bool {
    free.withLock { free in
      guard bytes <= free else { return false }
      free -= bytes
      return true
    }
  }

  func giveBack(_ bytes: Int) {
    free.withLock { $0 += bytes }
  }
}
