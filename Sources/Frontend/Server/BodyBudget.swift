import Synchronization

/// The bytes that all bodies under way may hold together, so that many large ones at once do not take all memory. Where
/// there is no room, the oldest body that is still not complete makes it: who sends slowly must not keep out who does not.
final class BodyBudget: Sendable {
  fileprivate struct Entry {
    var bytes = 0
    var isComplete = false
    var drop: AsyncStream<Never>.Continuation
  }

  fileprivate struct State {
    var free: Int
    /// By the order in which they began.
    var entries: [Int: Entry] = [:]
    var next = 0
  }

  /// A body's part of the budget.
  struct Holding: Sendable {
    fileprivate let number: Int
    /// Ends when the body was dropped to make room for another.
    let dropped: AsyncStream<Never>
  }

  private let state: Mutex<State>

  init(bytes: Int) {
    state = Mutex(State(free: bytes))
  }

  /// Enters a body of which nothing has been received. Whoever does so gives it back.
  func enter() -> Holding {
    let (dropped, drop) = AsyncStream<Never>.makeStream()
    return state.withLock { state in
      defer { state.next += 1 }
      state.entries[state.next] = Entry(drop: drop)
      return Holding(number: state.next, dropped: dropped)
    }
  }

  /// Charges what has been received.
  ///
  /// - Returns: whether there was room for so many bytes; not so when the body was dropped.
  func take(_ bytes: Int, for holding: Holding) -> Bool {
    let (isTaken, dropped) = state.withLock { state in
      guard state.entries[holding.number] != nil else { return (false, [Entry]()) }
      let dropped = state.makeRoom(bytes, for: holding.number)
      guard bytes <= state.free else { return (false, dropped) }
      state.free -= bytes
      state.entries[holding.number]?.bytes += bytes
      return (true, dropped)
    }
    for entry in dropped { entry.drop.finish() }
    return isTaken
  }

  /// Keeps a body that has been received whole from being dropped.
  ///
  /// - Returns: `false` when it was dropped before.
  func complete(_ holding: Holding) -> Bool {
    state.withLock { state in
      state.entries[holding.number]?.isComplete = true
      return state.entries[holding.number] != nil
    }
  }

  func giveBack(_ holding: Holding) {
    state.withLock { $0.remove(holding.number) }?.drop.finish()
  }
}

extension BodyBudget.State {
  fileprivate mutating func remove(_ number: Int) -> BodyBudget.Entry? {
    guard let entry = entries.removeValue(forKey: number) else { return nil }
    free += entry.bytes
    return entry
  }

  /// - Returns: the bodies that had to go.
  fileprivate mutating func makeRoom(_ bytes: Int, for number: Int) -> [BodyBudget.Entry] {
    let others = entries.filter { $0.key != number && !$0.value.isComplete && $0.value.bytes > 0 }
    let held = others.reduce(0) { $0 + $1.value.bytes }
    // Nobody is dropped in vain.
    guard bytes > free, bytes <= free + held else { return [] }
    var dropped: [BodyBudget.Entry] = []
    for oldest in others.keys.sorted() where bytes > free {
      if let entry = remove(oldest) { dropped.append(entry) }
    }
    return dropped
  }
}
