import Model
import Testing

struct ExpectedDurationsTests {
  private func task(_ name: String) throws -> TaskName { try TaskName(name) }

  @Test("A task is expected to take what it took in the middle one of the builds")
  func median() throws {
    let durations = ExpectedDurations([
      [try task("a"): .seconds(9), try task("b"): .seconds(1)], [try task("a"): .seconds(3)],
      [try task("a"): .seconds(5), try task("b"): .seconds(2)],
    ])
    #expect(durations[try task("a")] == .seconds(5))
    #expect(durations[try task("b")] == .seconds(2))
    #expect(durations[try task("c")] == nil)
  }

  @Test("The longest come first; what is unknown stands in the middle, and equals keep their order")
  func order() throws {
    let durations = ExpectedDurations([
      [try task("short"): .seconds(1), try task("middle"): .seconds(5), try task("long"): .seconds(60)]
    ])
    let names = ["short", "new", "long", "middle", "newer"]
    #expect(
      try durations.longestFirst(names.map(task), task: \.self).map(\.rawValue)
        == ["long", "new", "middle", "newer", "short"])
    #expect(try ExpectedDurations.none.longestFirst(names.map(task), task: \.self).map(\.rawValue) == names)
  }
}
