/// What one build costs, counted rather than timed.
struct BenchCost: Hashable, Sendable {
  private let counts: Counts
  private let builds: Int

  init(_ counts: Counts, builds: Int) {
    self.counts = counts
    self.builds = builds
  }

  /// How many of these the build of a number from 0 on makes, when all are shared out evenly.
  func share(_ field: KeyPath<Counts, Int>, of build: Int) -> Int {
    guard builds > 0 else { return 0 }
    let all = counts[keyPath: field]
    return all * (build + 1) / builds - all * build / builds
  }

  func figures(_ row: BenchRow) -> [BenchFigure] {
    guard builds > 0 else { return [] }
    return [
      ("coordination transactions a build", counts.transactions), ("watch events a build", counts.watchEvents),
      ("coordination reads a build", counts.reads), ("object writes a build", counts.objectWrites),
      ("object reads a build", counts.objectReads), ("commands a build", counts.commands),
    ].map { BenchFigure(row, $0.0, Double($0.1) / Double(builds), "") }
  }
}
