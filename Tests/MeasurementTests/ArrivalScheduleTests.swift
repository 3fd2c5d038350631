import Measurement
import Testing

@Suite struct ArrivalScheduleTests {
  private func offsets(_ count: Int, rate: Double, _ gaps: ArrivalSchedule.Gaps, seed: UInt64 = 1) -> [UInt64] {
    var generator = SeededGenerator(seed: seed)
    return ArrivalSchedule(count: count, rate: rate, gaps: gaps, using: &generator).offsets
  }

  @Test func `even gaps are all the same`() {
    #expect(offsets(4, rate: 20, .even) == [0, 50_000_000, 100_000_000, 150_000_000])
  }

  @Test func `random gaps ascend, repeat with their seed, and have the rate on average`() {
    let some = offsets(10_000, rate: 20, .poisson)
    #expect(some == some.sorted())
    #expect(some == offsets(10_000, rate: 20, .poisson))
    #expect(some != offsets(10_000, rate: 20, .poisson, seed: 2))
    #expect((480...520).contains(Double(some[9_999]) / 1_000_000_000))
  }

  @Test func `random gaps differ as those of independent arrivals do`() {
    let some = offsets(10_001, rate: 1, .poisson)
    let gaps = zip(some.dropFirst(), some).map { Double($0 - $1) / 1_000_000_000 }
    // Of the exponential distribution, 1 - 1/e are below the mean, and e^-3 above three times that.
    #expect((0.61...0.65).contains(Double(gaps.count { $0 < 1 }) / 10_000))
    #expect((0.04...0.06).contains(Double(gaps.count { $0 > 3 }) / 10_000))
  }
}
