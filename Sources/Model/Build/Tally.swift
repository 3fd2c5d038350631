/// How many tasks of a build have ended, and how.
package struct Tally: Hashable, Sendable, Codable {
  package private(set) var ended = 0
  /// By verdict. Tasks that were excused count for nothing here.
  private var verdicts: [Verdict.RawValue: Int] = [:]

  package init() {}

  mutating func add(_ verdict: Verdict, excused: Bool) {
    ended += 1
    if !excused { verdicts[verdict.rawValue, default: 0] += 1 }
  }

  /// Whether it can be that of so many tasks.
  func isOf(_ tasks: Int) -> Bool {
    (0...tasks).contains(ended) && verdicts.values.allSatisfy { (0...ended).contains($0) }
  }

  func has(_ verdict: Verdict) -> Bool { verdicts[verdict.rawValue] != nil }

  /// Over all that count.
  var overall: Verdict { .overall(Verdict.allCases.filter(has)) }
}
