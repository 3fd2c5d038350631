import ArgumentParser
import Foundation
import Measurement
import UnixSignals

struct BenchDispatch: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "dispatch",
    abstract: "Measure how builds are dispatched, beside the raw primitives of the same stores.",
    discussion: """
      Without stores it makes a pair in a temporary folder (below TMPDIR), and
      removes it afterwards. Given stores, it works in a sub-tree of its own, and
      removes that. The rows:

        latency     from a trigger to the command's first instruction, through
                    worker processes, beside a bare chain of two commits and
                    one process start, and beside the shortest, of one commit:
                    arrivals at a fixed rate, counted from when they were due
        throughput  builds of one task, through worker processes, beside a bare
                    loop of as many transactions, object writes and processes;
                    CPU time and counts per build
        claims      claims at different depths of the queue
        burst       many tickets at once for as many parked slots
        idle        what slots cost that have nothing to do
        crowd       many registered jobs, and many builds running

      Measure with a release build on a machine that does nothing else: only
      ratios of one run are to be compared.

      EXAMPLES
        distci bench dispatch
        distci bench dispatch --only latency --only throughput --json
        distci bench dispatch --coordination zookeeper://zk1,zk2,zk3/distci \\
          --objects 'rados://distci?name=client.distci'
      """)

  @Option(help: ArgumentHelp("A row to measure; all without. May be given several times.", valueName: "row"))
  var only: [BenchRow] = []

  @Flag(help: "Measure little, to see whether all is there. The figures mean nothing.")
  var quick = false

  @Option(help: ArgumentHelp("Arrivals of the latency row, per second.", valueName: "number"))
  var rate = 20.0

  @Option(help: ArgumentHelp("The gaps between them: even or poisson.", valueName: "gaps"))
  var gaps = ArrivalSchedule.Gaps.even

  @Option(help: ArgumentHelp("The coordination store, as elsewhere; needs --objects.", valueName: "url"))
  var coordination: String?

  @Option(help: ArgumentHelp("The object store, as elsewhere; needs --coordination.", valueName: "url"))
  var objects: String?

  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (coordination == nil) == (objects == nil) else {
      throw ValidationError("name both stores with --coordination and --objects, or none of them")
    }
    guard (0.1...10_000).contains(rate) else { throw ValidationError("--rate is 0.1 to 10000") }
  }

  func run() async throws {
    let console = Console.current
    let report = try await BenchSignals.cancelling { try await measure(on: console) }
    if output.json {
      try await console.print(json: report)
    } else {
      try await console.print(report.text(colours: console.colouredOutput))
    }
  }

  private func measure(on console: Console) async throws -> BenchReport {
    OpenFiles.raiseLimit()
    let progress = BenchProgress(console: console)
    var report = BenchReport(
      stores: coordination.map { "\($0) \(objects ?? "")" } ?? "embedded", isQuick: quick,
      processors: ProcessInfo.processInfo.activeProcessorCount, loadBefore: LoadAverage.lastMinute)
    for row in BenchRow.allCases where only.isEmpty || only.contains(row) {
      // Each has stores of its own: what one leaves behind is not in the way of the next.
      try await BenchStage.with(coordination: coordination, objects: objects) { stage in
        let bench = Bench(
          stage: stage, scale: quick ? .quick : .full, rate: quick ? 4 * rate : rate, gaps: gaps, progress: progress)
        try await bench.measure(row, into: &report)
      }
    }
    try await progress.finish()
    report.processes.append(try .init(name: "bench", ProcessInfo.processInfo.processIdentifier))
    return report
  }
}

extension ArrivalSchedule.Gaps: ExpressibleByArgument {}

extension BenchReport.Process {
  init(name: String, _ pid: Int32) throws {
    let usage = try ProcessUsage(of: pid)
    self.init(name: name, cpuMilliseconds: usage.own + usage.children, peakKiB: usage.peakKiB)
  }
}
