/// Between which bounds a number of slots follows the load, and how long a ticket may wait before it grows.
package struct ScaleLimits: Hashable, Sendable {
  package var min: Int
  package var max: Int
  package var targetWait: Duration

  package init(min: Int, max: Int, targetWait: Duration = .seconds(30)) {
    self.min = min
    self.max = max
    self.targetWait = targetWait
  }

  /// For how long slots must have been idle without a break before they go: starting one again costs more than keeping it.
  package var idleTime: Duration { targetWait * 5 }
}

/// What is to be seen of a class of slots at one moment.
package struct ScaleReading: Hashable, Sendable {
  /// For how long each of the tickets has been waiting that this class is to serve; there may be more behind them.
  package var ages: [Duration]
  /// Slots that work, and slots that wait for a ticket.
  package var busy: Int
  package var idle: Int

  package init(ages: [Duration], busy: Int, idle: Int) {
    self.ages = ages
    self.busy = busy
    self.idle = idle
  }
}

/// Decides how many slots of a class are wanted. Raises the number when tickets have waited for longer than the target, and
/// not again before what it raised has come into effect; lowers it when slots have been idle for a while without a break.
package struct AutomaticScale: Hashable, Sendable {
  private var raised: Duration?
  private var idleSince: Duration?
  /// The fewest that were idle since then.
  private var leastIdle = 0

  package init() {}

  /// - Parameters:
  ///   - now: on a clock that only moves forward.
  ///   - current: the number that is wanted now.
  /// - Returns: the number that is wanted from now on, always within the limits.
  package mutating func wanted(
    now: Duration, _ reading: ScaleReading, current: Int, _ limits: ScaleLimits
  ) -> Int {
    let bounded = Swift.min(Swift.max(current, limits.min), limits.max)
    noteIdle(now, reading)
    if bounded != current { return bounded }
    if let more = raise(now, reading, current, limits) { return more }
    if let fewer = lower(now, current, limits) { return fewer }
    return current
  }

  private mutating func noteIdle(_ now: Duration, _ reading: ScaleReading) {
    guard reading.idle > 0, reading.ages.isEmpty else {
      idleSince = nil
      return
    }
    leastIdle = idleSince == nil ? reading.idle : Swift.min(leastIdle, reading.idle)
    idleSince = idleSince ?? now
  }

  /// One slot more for each ticket that waits for too long, and twice as many slots as there are at most: a burst is soon
  /// met, and a misreading costs little.
  private mutating func raise(
    _ now: Duration, _ reading: ScaleReading, _ current: Int, _ limits: ScaleLimits
  ) -> Int? {
    let overdue = reading.ages.count { $0 > limits.targetWait }
    guard overdue > 0, current < limits.max else { return nil }
    // Slots on their way: they are given as long as a ticket may wait, for hosts may have no room for them.
    let isComing = reading.busy + reading.idle < current
    if isComing, let raised, now - raised < limits.targetWait { return nil }
    raised = now
    idleSince = nil
    return Swift.min(limits.max, current + Swift.min(overdue, Swift.max(1, current)))
  }

  private mutating func lower(_ now: Duration, _ current: Int, _ limits: ScaleLimits) -> Int? {
    guard let since = idleSince, now - since >= limits.idleTime, current > limits.min else { return nil }
    idleSince = nil
    return Swift.max(limits.min, current - leastIdle)
  }
}
