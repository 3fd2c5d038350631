import Measurement
import Model
import Testing

/// Graphs that nobody drew, up to the largest that a build may have.
struct LargeBuildTests {
  /// What a graph's tasks need, what they are allowed, and how each of them ends.
  private struct Scenario {
    var graph: [[Int]]
    var verdicts: [Verdict]
    var statuses: [Condition.Status]
    var mayFail: [Bool]

    init(size: Int, _ random: inout SeededGenerator) {
      // Some graphs are wide, some are deep, some are one chain.
      let reach = [1, 3, size].randomElement(using: &random) ?? 1
      graph = (0..<size).map { task in
        let needs = (0..<Int.random(in: 0...3, using: &random)).map { _ in
          task - Int.random(in: 1...reach, using: &random)
        }
        return Set(needs.filter { $0 >= 0 }).sorted()
      }
      verdicts = (0..<size).map { _ in
        switch Int.random(in: 0..<100, using: &random) {
        case 0..<2: .failed
        case 2..<3: .timedOut
        default: .succeeded
        }
      }
      statuses = (0..<size).map { _ in
        Int.random(in: 0..<20, using: &random) == 0
          ? [.failure, .always].randomElement(using: &random) ?? .always : .success
      }
      mayFail = (0..<size).map { _ in Int.random(in: 0..<10, using: &random) == 0 }
    }

    func build() throws -> TestBuild {
      try TestBuild(graph) { index, task in
        task.when.status = statuses[index]
        task.allowFailure = mayFail[index]
      }
    }
  }

  /// Lets every outcome arrive, in an order of its own, some of them twice.
  private func finish(
    _ build: inout TestBuild, _ scenario: Scenario, _ random: inout SeededGenerator
  ) -> (events: [BuildEvent], ends: Int) {
    var (events, open, turns): ([BuildEvent], [Int], [BuildEvent]) = ([], [], [])
    var ends = 0
    func take(_ event: BuildEvent) {
      events.append(event)
      let before = build.state
      build.apply(event)
      #expect(build.posted.count <= BuildState.tasksPerTurn)
      open += build.posted
      for action in build.actions {
        if case .proceed(let turn) = action { turns.append(.proceed(turn: turn)) }
        if case .end = action { ends += 1 }
      }
      for task in build.posted where scenario.statuses[task] == .success {
        #expect(scenario.graph[task].allSatisfy { build.state.tasks[$0].endedWell })
      }
      if Int.random(in: 0..<10, using: &random) == 0 {
        let after = build.state
        build.apply(event)
        #expect(build.actions == [] && build.state == after, "it came twice")
      } else if before == build.state {
        Issue.record("\(event) did nothing")
      }
    }
    take(.start)
    while !open.isEmpty || !turns.isEmpty {
      if !turns.isEmpty, open.isEmpty || Int.random(in: 0..<3, using: &random) == 0 {
        take(turns.removeFirst())
      } else {
        let position = Int.random(in: 0..<open.count, using: &random)
        open.swapAt(position, open.count - 1)
        let task = open.removeLast()
        take(.ended(build.outcome(task, 1, scenario.verdicts[task])))
      }
    }
    return (events, ends)
  }

  @Test(
    "Every build ends once, and as it does whatever the order in which news arrives",
    arguments: [1, 30, 65, 700, 10_000])
  func order(_ size: Int) throws {
    var random = SeededGenerator(seed: UInt64(size))
    for _ in 0..<max(1, 1_000 / size) {
      let scenario = Scenario(size: size, &random)
      var (one, other) = (try scenario.build(), try scenario.build())
      #expect(finish(&one, scenario, &random).ends == 1 && finish(&other, scenario, &random).ends == 1)
      #expect(one.verdicts == other.verdicts && one.state.verdict == other.state.verdict)
      #expect(one.state.verdict != nil && one.verdicts.allSatisfy { $0 != nil })
    }
  }

  @Test("Any part of a build's events gives the same state again, also through its stored form")
  func replay() throws {
    var random = SeededGenerator(seed: 5)
    for _ in 0..<20 {
      let scenario = Scenario(size: 200, &random)
      var build = try scenario.build()
      let events = finish(&build, scenario, &random).events
      let part = Int.random(in: 0...events.count, using: &random)
      var (one, other) = (try scenario.build(), try scenario.build())
      for event in events.prefix(part) { one.apply(event) }
      for (index, event) in events.prefix(part).enumerated() {
        other.apply(event)
        if index % 50 == 0 { try other.store() }
      }
      #expect(one.state == other.state)
      for event in events.dropFirst(part) { one.apply(event) }
      #expect(one.state == build.state)
    }
  }

  @Test("One outcome changes the pages of its task and of those that need it, and no other")
  func cost() throws {
    let pairs = (0..<10_000).map { $0 % 2 == 0 ? [] : [$0 - 1] }
    var build = try TestBuild(pairs)
    build.start()
    while case .proceed(let turn)? = build.actions.last { build.apply(.proceed(turn: turn)) }
    let before = build.state
    build.end(5_000, .succeeded)
    let changed = build.state.tasks.pages(changedSince: before.tasks).count
    #expect(changed == 1 && build.posted == [5_001])
  }

  @Test("Cancelling stops ten thousand tasks turn by turn, and each of them once")
  func cancelling() throws {
    var build = try TestBuild((0..<10_000).map { _ in [] })
    var (turn, posted, withdrawn): (Int?, [Int], [Int]) = (nil, [], [])
    func note() {
      posted += build.posted
      for action in build.actions {
        if case .proceed(let next) = action { turn = next }
        if case .withdraw(let task, _) = action { withdrawn.append(task) }
      }
    }
    func proceed() throws {
      let next = try #require(turn)
      turn = nil
      build.apply(.proceed(turn: next))
      note()
    }
    build.start()
    note()
    for _ in 0..<20 { try proceed() }
    #expect(posted.count == 21 * BuildState.tasksPerTurn)
    build.cancel()
    note()
    while turn != nil { try proceed() }
    #expect(withdrawn == posted)
    for task in posted { build.end(task, .cancelled) }
    #expect(build.actions == [.end(.cancelled)] && build.verdicts.allSatisfy { $0 == .cancelled })
  }

  @Test("What is withdrawn before it began ends in the same step, and brings no more of the others into it")
  func withdrawing() throws {
    var build = try TestBuild((0..<200).map { _ in [] })
    build.start()
    while case .proceed(let turn)? = build.actions.last { build.apply(.proceed(turn: turn)) }
    build.cancel()
    let withdrawn = build.actions.compactMap { if case .withdraw(let task, _) = $0 { task } else { nil } }
    #expect(withdrawn == Array(0..<64))
    for task in withdrawn {
      build.end(task, .cancelled)
      #expect(build.actions == [])
    }
  }

  @Test("Who holds a large build keeps its tasks ready, and gets no turns until it goes on")
  func holding() throws {
    var build = try TestBuild((0..<200).map { _ in [] })
    build.start(isHeld: true)
    #expect(build.actions == [] && build.state.hasReadyTasks)
    build.start()
    #expect(build.posted == Array(0..<64) && build.actions.last == .proceed(turn: 2))
    build.apply(.proceed(turn: 1))
    #expect(build.actions == [])
    build.apply(.proceed(turn: 2), isHeld: true)
    #expect(build.actions == [])
    for task in 0..<64 { build.end(task, .succeeded, isHeld: true) }
    build.start()
    #expect(build.posted == Array(64..<128))
  }
}
