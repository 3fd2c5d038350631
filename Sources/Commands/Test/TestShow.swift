import ArgumentParser
import Model

struct TestShow: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what became of a test, build by build.",
    discussion: """
      EXAMPLES
        distci test show library tests.test_names.TestNames.test_long
        distci test show library 'Parser reads a/b' --json
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @Argument(help: "The test's name, as 'distci test list' has it.")
  var test: String
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let view = try await server.client().test(test, of: job)
    guard !output.json else { return try await console.print(json: view) }
    var table = Table("BUILD", "OUTCOME", "TASK", "ATTEMPT", "TOOK", "COMMIT", "ENDED", "MESSAGE")
    let now = Timestamp.now
    for result in view.results {
      table.add(
        "\(result.build)", .outcome(result.outcome), "\(result.task)", "\(result.attempt)",
        "\(DurationText.text(.milliseconds(result.milliseconds)))",
        .init(String((result.commit ?? "-").prefix(12)), .quiet),
        "\(DurationText.ago(result.finished.time, now: now))", .init(TerminalText.cut(result.message ?? "", to: 80)))
    }
    try await console.print(facts(of: view) + table.text(colours: console.colouredOutput))
  }

  private func facts(of view: TestView) -> String {
    let summary = view.summary
    var lines = [summary.name, "\(summary.runs) \(summary.runs == 1 ? "run" : "runs"), \(summary.failures) failed"]
    if let median = summary.medianMilliseconds {
      let trend = summary.trend.map { ", \($0) times as long as before" } ?? ""
      lines.append("takes \(DurationText.text(.milliseconds(median)))\(trend)")
    }
    if !view.undecided.isEmpty {
      lines.append("flaky: passed as well as failed with \(view.undecided.prefix(5).joined(separator: ", "))")
    }
    if let text = summary.span.text { lines.append(text) }
    return lines.map { TerminalText.line($0) + "\n" }.joined() + "\n"
  }
}
