import Testing

@testable import Model

@Suite struct PollStateTests {
  private let start = Timestamp(milliseconds: 1_700_000_000_000)

  @Test("The first look learns; later ones find what moved and what is new, of the branches that count")
  func moves() {
    var state = PollState(PollTrigger(repository: "octo/library", branches: ["main", "release/*"]), now: start)
    #expect(state.due == start && state.moved(to: ["main": "a"]).isEmpty)
    state.succeed(with: ["main": "a", "release/1": "b", "topic": "c"], now: start)
    #expect(state.seen == ["main": "a", "release/1": "b"])
    #expect(state.due == start.adding(.seconds(300)))
    let moved = state.moved(to: ["main": "d", "release/1": "b", "release/2": "e", "topic": "f"])
    #expect(moved.map(\.branch) == ["main", "release/2"] && moved.map(\.commit) == ["d", "e"])
    state.succeed(with: ["release/1": "b"], now: start)
    #expect(state.seen == ["release/1": "b"])
    // One that was deleted and comes back has moved.
    #expect(state.moved(to: ["main": "a"]).map(\.branch) == ["main"])
  }

  @Test("After failures the wait grows, up to an hour; a success sets it back")
  func failures() {
    var state = PollState(PollTrigger(repository: "octo/library", every: 60), now: start)
    var waits: [Int64] = []
    for _ in 0..<20 {
      state.fail(because: "no\nroute", now: start)
      waits.append((state.due.milliseconds - start.milliseconds) / 1_000)
    }
    #expect(waits.prefix(7) == [120, 240, 480, 960, 1_920, 3_600, 3_600] && waits.last == 3_600)
    #expect(state.failures == 20 && state.error == "no route")
    state.succeed(with: [:], now: start)
    #expect(state.failures == 0 && state.error == nil && state.due == start.adding(.seconds(60)))
    var rare = PollState(PollTrigger(repository: "octo/library", every: 86_400), now: start)
    rare.fail(because: "", now: start)
    #expect(rare.due == start.adding(.seconds(86_400)))
  }

  @Test("A changed file keeps what is known of the same branches, and nothing else")
  func changedFile() {
    var state = PollState(PollTrigger(repository: "octo/library", every: 3_600), now: start)
    state.succeed(with: ["main": "a"], now: start)
    let soon = PollTrigger(repository: "octo/library", every: 60)
    #expect(state.following(soon, now: start)?.seen == ["main": "a"])
    #expect(state.following(soon, now: start)?.due == start.adding(.seconds(60)))
    #expect(state.following(PollTrigger(repository: "octo/library", branches: ["main"]), now: start) == nil)
    #expect(state.following(PollTrigger(repository: "octo/other"), now: start) == nil)
  }
}
