/// What one build costs, counted rather than timed.
struct BenchCost: Hashable, Sendable {
  private let counts: Counts
  private let builds: Int

  init(_ counts: Counts, builds: Int) {
    self.counts = counts
    self.builds = builds
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
