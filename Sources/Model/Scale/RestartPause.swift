/// How long to wait before a process is started again that ended unasked: a longer time from death to death, so that one
/// that cannot live costs little, and none for one that had lived.
package struct RestartPause: Hashable, Sendable {
  /// A process that lived for so long was well.
  package static let sound = Duration.seconds(60)
  package static let longest = Duration.seconds(60)

  private var deaths = 0

  package init() {}

  /// - Parameter life: how long the process has lived.
  /// - Returns: zero after the first death, then 1, 2, 4 … seconds.
  package mutating func next(after life: Duration) -> Duration {
    deaths = life >= Self.sound ? 1 : deaths + 1
    guard deaths > 1 else { return .zero }
    return min(Self.longest, .seconds(1 << min(deaths - 2, 10)))
  }
}
