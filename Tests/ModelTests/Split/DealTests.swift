import Measurement
import Model
import Testing

struct DealTests {
  @Test("The longest files go first, each to the part that has least to do, and the slowest part is the first")
  func longestFirst() {
    let deal = Deal(["a", "b", "c", "d", "e"], into: 2, times: ["a": 2, "b": 9, "c": 4, "d": 3, "e": 1])
    #expect(deal.parts == [["b", "e"], ["a", "c", "d"]])
  }

  @Test("What nothing is known of counts like the middle one of the others; without history, all count the same")
  func unknown() {
    // b counts 4, as c does: if it counted less, it would join c and d.
    #expect(Deal(["a", "b", "c", "d"], into: 2, times: ["a": 8, "c": 4, "d": 1]).parts == [["a", "d"], ["b", "c"]])
    #expect(Deal(["d", "a", "c", "b", "e"], into: 2).parts == [["a", "c", "e"], ["b", "d"]])
    // Times of files that are gone teach nothing of those that are there.
    #expect(Deal(["a", "b", "c"], into: 3, times: ["x": 1_000, "a": 1]).parts == [["a"], ["b"], ["c"]])
  }

  @Test("Parts without files come last")
  func fewFiles() {
    #expect(Deal(["b", "a"], into: 4, times: ["a": 1, "b": 2]).parts == [["b"], ["a"], [], []])
    #expect(Deal([], into: 2).parts == [[], []])
  }

  @Test("Names that only look equal are different files")
  func composedNames() {
    let files = ["caf\u{E9}", "cafe\u{301}", "cafe"]
    #expect(Deal(files, into: 1).parts[0].map { Array($0.utf8) }.count == 3)
    #expect(Deal(files, into: 1).parts == Deal(files.reversed(), into: 1).parts)
  }

  @Test("Every file is in exactly one part, whatever the order in which files come, and absurd times break nothing")
  func partition() {
    var random = SeededGenerator(seed: 7)
    for _ in 0..<300 {
      let files = (0..<Int.random(in: 0...60, using: &random)).map { "tests/\($0).t" }
      var times: [String: Int] = [:]
      for file in files where Bool.random(using: &random) {
        times[file] = [0, -5, .max, Int.random(in: 1...100_000, using: &random)].randomElement(using: &random)
      }
      let count = Int.random(in: 1...12, using: &random)
      let deal = Deal(files, into: count, times: times)
      #expect(deal.parts.count == count)
      #expect(deal.parts.joined().sorted() == files.sorted())
      #expect(deal == Deal(files.shuffled(using: &random), into: count, times: times))
    }
  }

  @Test("The slowest part takes at most 4/3 of what it takes in the best of all deals")
  func nearTheBest() {
    var random = SeededGenerator(seed: 11)
    for _ in 0..<100 {
      let weights = (0..<Int.random(in: 1...7, using: &random)).map { _ in Int.random(in: 1...20, using: &random) }
      let count = Int.random(in: 2...3, using: &random)
      #expect(3 * makespan(weights, count) <= 4 * best(weights, count), "\(weights) in \(count)")
    }
  }

  @Test("With many files the parts take nearly the same")
  func manyFiles() {
    var random = SeededGenerator(seed: 13)
    for _ in 0..<20 {
      let weights = (0..<2_000).map { _ in Int.random(in: 1...10_000, using: &random) }
      let count = Int.random(in: 2...100, using: &random)
      let even = (weights.reduce(0, +) + count - 1) / count
      #expect(3 * makespan(weights, count) <= 4 * max(even, weights.max() ?? 0))
    }
  }

  private func makespan(_ weights: [Int], _ count: Int) -> Int {
    let times = Dictionary(uniqueKeysWithValues: weights.enumerated().map { ("f\($0)", $1) })
    let loads = Deal(times.keys.sorted(), into: count, times: times).parts.map { part in
      part.reduce(0) { $0 + (times[$1] ?? 0) }
    }
    #expect(loads == loads.sorted(by: >))
    return loads[0]
  }

  /// By trying all deals.
  private func best(_ weights: [Int], _ count: Int) -> Int {
    func least(_ rest: ArraySlice<Int>, _ loads: [Int]) -> Int {
      guard let next = rest.first else { return loads.max() ?? 0 }
      return loads.indices.map { index in
        var loads = loads
        loads[index] += next
        return least(rest.dropFirst(), loads)
      }.min() ?? 0
    }
    return least(weights[...], Array(repeating: 0, count: count))
  }
}
