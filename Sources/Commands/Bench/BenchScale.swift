/// How much is measured.
struct BenchScale: Hashable, Sendable {
  /// Builds of the latency row in each of its rounds, and the rounds; the floor has as many in between.
  var arrivals: Int
  var rounds: Int
  var warmUp: Int
  /// Builds of each throughput row.
  var throughput: [Int]
  /// Tickets in the queue, the least first.
  var depths: [Int]
  /// Claims at each depth in each of the rounds.
  var claims: Int
  var burst: Int
  var idleSlots: [Int]
  /// How long idle slots are watched: longer than recovery takes between two sweeps.
  var idleTime: Duration
  var jobs: Int
  var running: Int
  var probes: Int

  static let full = BenchScale(
    arrivals: 60, rounds: 5, warmUp: 20, throughput: [500, 5_000], depths: [10, 1_000, 100_000], claims: 40, burst: 500,
    idleSlots: [1_000, 5_000], idleTime: .seconds(22), jobs: 10_000, running: 500, probes: 100)

  /// For a look whether all is there; the figures mean little.
  static let quick = BenchScale(
    arrivals: 8, rounds: 2, warmUp: 2, throughput: [16, 32], depths: [10, 50, 200], claims: 4, burst: 20,
    idleSlots: [20, 40], idleTime: .milliseconds(500), jobs: 30, running: 5, probes: 5)
}
