import Model
import Testing

struct QueueForecastTests {
  /// Rows: how long each slot is still busy, how long the tickets ahead take, when the turn comes; in seconds.
  @Test(
    arguments: [
      ([10], [], 10), ([10, 4], [], 4), ([10, 4], [3], 7), ([10, 4], [3, 20], 10), ([10, 4], [3, 1], 8),
      ([nil, 6], [], 6), ([nil], [6, nil], 18), ([-5], [], 0), ([0], [2, 2, 2], 6),
    ] as [([Int?], [Int?], Int)])
  func theTurnComes(remaining: [Int?], ahead: [Int?], turn: Int) {
    let wait = QueueForecast.wait(
      remaining: remaining.map { $0.map { .seconds($0) } }, ahead: ahead.map { $0.map { .seconds($0) } })
    #expect(wait == .seconds(turn))
  }

  @Test("Nothing is foretold when nothing is known, or there is no slot")
  func unknown() {
    #expect(QueueForecast.wait(remaining: [nil, nil], ahead: [nil]) == nil)
    #expect(QueueForecast.wait(remaining: [], ahead: [.seconds(3)]) == nil)
  }
}
