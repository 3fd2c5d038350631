/// When a ticket that waits for a slot may expect one.
package struct QueueForecast: Hashable, Sendable {
  /// The slots that could take it; all of them are busy.
  package var slots: Count
  /// Counted from 1, among all tickets that these slots will take before and after it.
  package var position: Count
  package var total: Count
  /// `nil` when too little is known of past durations.
  package var expectedStart: Timestamp?

  package init(slots: Count, position: Count, total: Count, expectedStart: Timestamp?) {
    self.slots = slots
    self.position = position
    self.total = total
    self.expectedStart = expectedStart
  }
}

extension QueueForecast {
  /// Plays the queue through: whoever comes next gets the slot that is free first.
  ///
  /// - Parameters:
  ///   - remaining: how long each slot will still be busy; `nil` where nobody knows, which counts as the median of the
  ///     known durations.
  ///   - ahead: how long the tickets take that come before, the first one first; `nil` as above.
  /// - Returns: how long from now the next ticket's turn comes; `nil` when no duration is known, or there is no slot.
  package static func wait(remaining: [Duration?], ahead: [Duration?]) -> Duration? {
    let known = (remaining + ahead).compactMap(\.self).sorted()
    guard !remaining.isEmpty, !known.isEmpty else { return nil }
    let median = known[known.count / 2]
    var free = remaining.map { max(.zero, $0 ?? median) }
    for duration in ahead {
      guard let first = free.indices.min(by: { free[$0] < free[$1] }) else { return nil }
      free[first] += max(.zero, duration ?? median)
    }
    return free.min()
  }
}
