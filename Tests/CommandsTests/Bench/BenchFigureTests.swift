import Coordination
import Model
import ObjectStorage
import Testing

@testable import Commands

@Suite struct BenchFigureTests {
  @Test(
    arguments: [
      (BenchTarget.ratioAtMost(2), 3.0, 1.5, true), (.ratioAtMost(2), 3.1, 1.5, false),
      (.ratioAtLeast(0.6), 6, 10, true),
      (.ratioAtLeast(0.6), 5.9, 10, false), (.figureAtMost(3), 3, nil, true), (.figureAtMost(0), 0.1, nil, false),
    ] as [(BenchTarget, Double, Double?, Bool)])
  func `a figure meets its target or does not`(_ target: BenchTarget, _ value: Double, _ bare: Double?, _ isMet: Bool) {
    #expect(BenchFigure(.latency, "x", value, "ms", primitive: bare, target: target).isMet == isMet)
  }

  @Test func `what cannot be compared has no ratio and no verdict`() {
    #expect(BenchFigure(.latency, "x", 1, "ms", primitive: 0, target: .ratioAtMost(2)).isMet == nil)
    #expect(BenchFigure(.latency, "x", 1, "ms", target: .ratioAtLeast(2)).isMet == nil)
    #expect(BenchFigure(.latency, "x", 1, "ms", primitive: 2).isMet == nil)
  }

  @Test(arguments: [
    (0, "0"), (0.5, "0.5"), (0.456, "0.46"), (2, "2"), (9.876, "9.88"), (12.34, "12.3"), (1_234.5, "1234"),
  ])
  func `figures are printed with three digits`(_ value: Double, _ text: String) {
    #expect(BenchFigure.text(value) == text)
  }

  @Test func `counts come through the text of Prometheus unchanged, and are added and subtracted one by one`() {
    var some = Counts(
      coordination: CoordinationCounts(transactions: 1, reads: 2, watchEvents: 3),
      objects: ObjectCounts(writes: 4, reads: 5),
      commands: 6)
    let lines = some.prometheus.split(separator: "\n").map(String.init)
    #expect(lines.last == Counts.end && lines.contains("distci_object_writes_total 4"))
    #expect(Counts(prometheus: lines) == some)
    #expect(some + some - some == some)
    some.commands = 7
    #expect(Counts(prometheus: lines) != some)
  }
}
