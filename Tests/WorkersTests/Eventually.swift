import Testing

/// Waits until a condition of another process or task holds; fails after 30 seconds.
func eventually(_ what: Comment, _ condition: () async throws -> Bool) async throws {
  let deadline = ContinuousClock.now + .seconds(30)
  while try await !condition() {
    try #require(ContinuousClock.now < deadline, what)
    try await Task.sleep(for: .milliseconds(2))
  }
}
