/// How long things take, in microseconds, and what may go wrong. Random for each run.
package struct Network: Sendable {
  /// A message between a client and its server, or between servers.
  package var latency: ClosedRange<Int> = 50...2_000
  /// How long after a commit a server has applied it.
  package var lag: ClosedRange<Int> = 0...5_000
  /// So many of a thousand messages and commits take up to a hundred times as long.
  package var slowPermille = 0
  /// How long the client takes to notice that a connection is gone.
  package var notice: ClosedRange<Int> = 0...200_000
  /// How long it takes until it is connected again.
  package var reconnect: ClosedRange<Int> = 10_000...1_500_000
  /// So many of a thousand transactions are refused for a moment, as by a server that has too much to do.
  package var refusalPermille = 0
  /// So many of a thousand transactions lose their connection while they are under way, done or not.
  package var cutPermille = 0
  /// So many of a thousand operations of the object store fail, done or not.
  package var objectFailurePermille = 0
  package var objectLatency: ClosedRange<Int> = 50...5_000
  package var sessionTimeout = 4_000_000

  package init() {}

  /// Nothing takes any time, but a server may be behind.
  package static var immediate: Network {
    var network = Network()
    network.latency = 0...0
    return network
  }
}
