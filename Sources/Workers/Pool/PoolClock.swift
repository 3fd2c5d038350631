/// A clock that also tells the time since it was made, which an existential clock cannot.
struct PoolClock: Sendable {
  let clock: any Clock<Duration>
  private let elapsed: @Sendable () -> Duration

  init<C: Clock<Duration>>(_ clock: C) {
    self.clock = clock
    let began = clock.now
    elapsed = { began.duration(to: clock.now) }
  }

  var now: Duration { elapsed() }

  func sleep(for time: Duration) async throws { try await clock.sleep(for: time) }
}
