import Model
import Testing

/// Time is a number of seconds that the tests say.
@Suite struct AutomaticScaleTests {
  private let limits = ScaleLimits(min: 1, max: 8, targetWait: .seconds(10))

  private func waiting(_ ages: [Int], busy: Int, idle: Int = 0) -> ScaleReading {
    ScaleReading(ages: ages.map { .seconds($0) }, busy: busy, idle: idle)
  }

  @Test func `tickets that wait for less than the target change nothing`() {
    var scale = AutomaticScale()
    for second in 0...10 {
      #expect(scale.wanted(now: .seconds(second), waiting([second, second], busy: 1), current: 1, limits) == 1)
    }
  }

  @Test func `one slot more for each ticket that waits for too long, and twice as many at most`() {
    var one = AutomaticScale()
    #expect(one.wanted(now: .zero, waiting([11, 3], busy: 2), current: 2, limits) == 3)
    var many = AutomaticScale()
    #expect(many.wanted(now: .zero, waiting(Array(repeating: 11, count: 50), busy: 2), current: 2, limits) == 4)
    var bounded = AutomaticScale()
    #expect(bounded.wanted(now: .zero, waiting(Array(repeating: 11, count: 50), busy: 6), current: 6, limits) == 8)
    #expect(bounded.wanted(now: .seconds(1), waiting([99], busy: 8), current: 8, limits) == 8)
  }

  @Test func `what was raised is given time to come, and then it is raised again`() {
    var scale = AutomaticScale()
    #expect(scale.wanted(now: .zero, waiting([11], busy: 1), current: 1, limits) == 2)
    for second in 1...9 {
      #expect(scale.wanted(now: .seconds(second), waiting([11 + second], busy: 1), current: 2, limits) == 2)
    }
    // It has come, and is not enough.
    var arrived = scale
    #expect(arrived.wanted(now: .seconds(9), waiting([20], busy: 2), current: 2, limits) == 3)
    // It does not come: this host's room may be gone, but another class of host may have some.
    #expect(scale.wanted(now: .seconds(10), waiting([21], busy: 1), current: 2, limits) == 3)
  }

  @Test func `slots that are idle for a while without a break go`() {
    var scale = AutomaticScale()
    for second in 0..<50 {
      #expect(scale.wanted(now: .seconds(second), waiting([], busy: 3, idle: 2), current: 5, limits) == 5)
    }
    #expect(scale.wanted(now: .seconds(50), waiting([], busy: 3, idle: 2), current: 5, limits) == 3)
    // The next ones take as long again.
    #expect(scale.wanted(now: .seconds(51), waiting([], busy: 0, idle: 3), current: 3, limits) == 3)
    #expect(scale.wanted(now: .seconds(100), waiting([], busy: 0, idle: 3), current: 3, limits) == 3)
    #expect(scale.wanted(now: .seconds(101), waiting([], busy: 0, idle: 3), current: 3, limits) == 1)
    for second in 102...300 {
      #expect(scale.wanted(now: .seconds(second), waiting([], busy: 0, idle: 1), current: 1, limits) == 1)
    }
  }

  @Test func `only so many go as were idle all the time`() {
    var scale = AutomaticScale()
    #expect(scale.wanted(now: .zero, waiting([], busy: 1, idle: 4), current: 5, limits) == 5)
    #expect(scale.wanted(now: .seconds(20), waiting([], busy: 4, idle: 1), current: 5, limits) == 5)
    #expect(scale.wanted(now: .seconds(50), waiting([], busy: 1, idle: 4), current: 5, limits) == 4)
  }

  @Test func `a moment without an idle slot begins the while anew`() {
    var scale = AutomaticScale()
    #expect(scale.wanted(now: .zero, waiting([], busy: 4, idle: 1), current: 5, limits) == 5)
    #expect(scale.wanted(now: .seconds(49), waiting([], busy: 5), current: 5, limits) == 5)
    #expect(scale.wanted(now: .seconds(50), waiting([], busy: 4, idle: 1), current: 5, limits) == 5)
    #expect(scale.wanted(now: .seconds(99), waiting([], busy: 4, idle: 1), current: 5, limits) == 5)
    #expect(scale.wanted(now: .seconds(100), waiting([], busy: 4, idle: 1), current: 5, limits) == 4)
  }

  @Test func `a load that comes and goes faster than that does not make the number swing`() {
    var scale = AutomaticScale()
    var current = 4
    for second in 0..<600 {
      let isBusy = second / 20 % 2 == 0
      current = scale.wanted(
        now: .seconds(second), isBusy ? waiting([2], busy: 4) : waiting([], busy: 0, idle: 4), current: current, limits)
      #expect(current == 4)
    }
  }

  @Test func `it stays within its limits, also when these change`() {
    var scale = AutomaticScale()
    #expect(scale.wanted(now: .zero, waiting([], busy: 0), current: 0, limits) == 1)
    #expect(scale.wanted(now: .zero, waiting([99], busy: 12), current: 12, limits) == 8)
    let none = ScaleLimits(min: 0, max: 8, targetWait: .seconds(10))
    var empty = AutomaticScale()
    #expect(empty.wanted(now: .zero, waiting([], busy: 0), current: 0, none) == 0)
    #expect(empty.wanted(now: .seconds(1), waiting([11, 11], busy: 0), current: 0, none) == 1)
  }
}

@Suite struct RestartPauseTests {
  @Test func `who dies again and again is started again later and later`() {
    var pause = RestartPause()
    let pauses = (0..<10).map { _ in pause.next(after: .milliseconds(100)) }
    #expect(pauses == [0, 1, 2, 4, 8, 16, 32, 60, 60, 60].map { .seconds($0) })
    #expect(pause.next(after: RestartPause.sound) == .zero)
    #expect(pause.next(after: .zero) == .seconds(1))
  }
}

@Suite struct ScaleRequestTests {
  @Test func `a number, or bounds`() throws {
    #expect(try ScaleRequest(wanted: 8).setting() == .fixed(8))
    #expect(try ScaleRequest(max: 8).setting() == .automatic(ScaleLimits(min: 0, max: 8)))
    let limits = ScaleLimits(min: 1, max: 8, targetWait: .seconds(300))
    #expect(try ScaleRequest(min: 1, max: 8, targetWait: "5m").setting() == .automatic(limits))
  }

  @Test(arguments: [
    ScaleRequest(), ScaleRequest(wanted: -1), ScaleRequest(wanted: 1_001), ScaleRequest(wanted: 1, max: 2),
    ScaleRequest(min: 1), ScaleRequest(min: 3, max: 2), ScaleRequest(min: -1, max: 2), ScaleRequest(max: 0),
    ScaleRequest(max: 1_001), ScaleRequest(max: 1, targetWait: "soon"),
  ])
  func `nothing else can be wanted`(_ request: ScaleRequest) {
    #expect(throws: ValidationError.self) { try request.setting() }
  }
}
