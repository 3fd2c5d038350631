/// All that a bench found.
struct BenchReport: Encodable {
  /// `embedded`, or the schemes of the stores.
  var stores: String
  var isQuick: Bool
  var processors: Int
  /// Processes that were waiting for a processor, on average over the last minute: of a quiet machine, below 0.5.
  var loadBefore: Double
  var figures: [BenchFigure] = []
  var processes: [Process] = []

  /// What a process of ours used in all.
  struct Process: Encodable {
    var name: String
    /// With its children.
    var cpuMilliseconds: Double
    var peakKiB: Int
  }

  func text(colours: Bool) -> String {
    var table = Table("ROW", "WHAT", "FIGURE", "BARE", "RATIO", "TARGET", "MET")
    for figure in figures {
      table.add(
        "\(figure.row.rawValue)", "\(figure.name)", "\(BenchFigure.text(figure.value)) \(figure.unit)",
        .init(figure.primitive.map(BenchFigure.text) ?? "-"), .init(figure.ratio.map(BenchFigure.text) ?? "-"),
        .init(figure.target?.text ?? "-"), Self.verdict(figure.isMet))
    }
    var processes = Table("PROCESS", "CPU MS", "PEAK MIB")
    for process in self.processes {
      processes.add(
        "\(process.name)", .init(BenchFigure.text(process.cpuMilliseconds)),
        .init(BenchFigure.text(Double(process.peakKiB) / 1_024)))
    }
    return table.text(colours: colours) + "\n" + processes.text(colours: colours)
  }

  private static func verdict(_ isMet: Bool?) -> Table.Cell {
    switch isMet {
    case true?: .init("yes", .good)
    case false?: .init("no", .bad)
    case nil: "-"
    }
  }
}
