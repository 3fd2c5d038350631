/// How long a command may run, how it is ended, and what it may use.
package struct Limits: Sendable, Equatable {
  /// The longest that the command may run; nil for no limit.
  package var total: Duration?

  /// The longest that the command may be silent; nil for no limit. Time in which the consumer of its output holds the
  /// command up does not count.
  package var idle: Duration?

  /// Time between SIGTERM and SIGKILL when the command is stopped.
  package var grace: Duration

  /// The same for what the command leaves behind when it ends by itself.
  package var leftoverGrace: Duration

  /// Resource limits of each process. There are no core files unless they are asked for here.
  package var resources: [ResourceLimit]

  /// No limit but a grace of ten seconds, and of one second for what is left behind.
  package init(
    total: Duration? = nil,
    idle: Duration? = nil,
    grace: Duration = .seconds(10),
    leftoverGrace: Duration = .seconds(1),
    resources: [ResourceLimit] = []
  ) {
    self.total = total
    self.idle = idle
    self.grace = grace
    self.leftoverGrace = leftoverGrace
    self.resources = resources
  }
}
