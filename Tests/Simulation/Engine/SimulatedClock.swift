/// The time of a world, as a process of it has it.
package struct SimulatedClock: Clock {
  package struct Instant: InstantProtocol {
    var microseconds: Int

    package func advanced(by duration: Duration) -> Instant {
      Instant(microseconds: microseconds + duration.microseconds)
    }

    package func duration(to other: Instant) -> Duration { .microseconds(other.microseconds - microseconds) }

    package static func < (left: Instant, right: Instant) -> Bool { left.microseconds < right.microseconds }
  }

  let process: SimulatedProcess

  package init(of process: SimulatedProcess) {
    self.process = process
  }

  package var now: Instant { Instant(microseconds: process.world.now) }
  package var minimumResolution: Duration { .microseconds(1) }

  package func sleep(until deadline: Instant, tolerance: Duration?) async throws {
    let reply = Reply<Void>()
    let world = process.world
    world.deliver(to: process, after: deadline.microseconds - world.now) { reply.give(.success(())) }
    try await reply.valueUnlessCancelled()
  }
}

extension Duration {
  var microseconds: Int { Int(components.seconds) * 1_000_000 + Int(components.attoseconds / 1_000_000_000_000) }
}
