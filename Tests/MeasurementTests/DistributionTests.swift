import Measurement
import Testing

@Suite struct DistributionTests {
  @Test(
    "A percentile is the smallest value that so many do not exceed",
    arguments: [(0.0, 1.0), (0.5, 50), (0.501, 51), (0.99, 99), (0.991, 100), (1, 100)])
  func percentile(_ share: Double, _ value: Double) {
    #expect(Distribution((1...100).map(Double.init).shuffled()).percentile(share) == value)
  }

  @Test func `few values have percentiles that were measured`() {
    #expect(Distribution([7]).percentile(0.99) == 7)
    #expect(Distribution([3, 1]).median == 1)
    #expect(Distribution([]).median == nil)
  }

  @Test func `two distributions together hold the values of both`() {
    let both = Distribution([1, 3]) + Distribution([2])
    #expect(both.count == 3 && both.median == 2)
  }
}
