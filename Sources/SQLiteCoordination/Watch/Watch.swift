import Coordination
import Synchronization

/// A level-triggered watch: what is there when the consumer asks, whenever it differs from what the consumer had last.
///
/// Nothing is read before the consumer asks, so that a slow one costs nothing and never gets what is old.
final class Watch<Element: Sendable>: Sendable {
  private let session: SQLiteSession
  private let key: WatchIndex.Key
  private let signal: ChangeSignal
  private let read: @Sendable () async throws -> Element
  private let isSame: @Sendable (Element, Element) -> Bool
  private let last = Mutex<Element?>(nil)
  private let isOver = Mutex(false)

  init(
    _ key: WatchIndex.Key, in session: SQLiteSession, read: @escaping @Sendable () async throws -> Element,
    isSame: @escaping @Sendable (Element, Element) -> Bool
  ) {
    self.session = session
    self.key = key
    self.read = read
    self.isSame = isSame
    signal = ChangeSignal(session: session.id)
    session.watches.insert(signal, at: key)
    // In this order, the session cannot end unseen in between.
    if session.hasEnded { signal.finish() }
  }

  deinit {
    session.watches.remove(signal, at: key)
  }

  /// The present when it is news; `nil` after the end, and when the task is cancelled.
  func next() async throws -> Element? {
    guard !isOver.withLock({ $0 }) else { return nil }
    do {
      while await signal.wait() {
        let present = try await read()
        if isNews(present) { return present }
      }
      if !Task.isCancelled { throw CoordinationError(.sessionEnded) }
    } catch {
      isOver.withLock { $0 = true }
      throw error
    }
    isOver.withLock { $0 = true }
    return nil
  }

  private func isNews(_ present: Element) -> Bool {
    last.withLock { last in
      if let last, isSame(last, present) { return false }
      last = present
      return true
    }
  }
}
