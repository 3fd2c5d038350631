import ArgumentParser
import Model

struct TestList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tests of a job.",
    discussion: """
      A test is flaky when it passed as well as failed with the same commit.
      The trend is how many times as long as before it takes.

      EXAMPLES
        distci test list library
        distci test list library --failing
        distci test list library --flaky --json | jq -r '.[].name'
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @Flag(help: "Only tests that failed in the newest build that has them.")
  var failing = false
  @Flag(help: "Only tests that passed as well as failed with the same commit.")
  var flaky = false
  @Option(help: "How many to list at most.")
  var limit = 1_000
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...100_000).contains(limit) else { throw ArgumentParser.ValidationError("--limit is 1 to 100000") }
  }

  func run() async throws {
    let console = Console.current
    let tests = try await server.client().tests(of: job, failing: failing, flaky: flaky, limit: limit)
    guard !output.json else { return try await console.print(json: tests) }
    guard !tests.isEmpty else {
      let which =
        failing || flaky ? "no such tests" : "no test results; name the JUnit reports of a task in \"reports\""
      return try await console.print("\(job) has \(which)\n")
    }
    var table = Table("TEST", "LAST", "BUILD", "RUNS", "FAILED", "FLAKY", "MEDIAN", "TREND")
    for test in tests {
      table.add(
        .init(TerminalText.cut(test.name, to: 80)), .outcome(test.last), "\(test.build)", "\(test.runs)",
        "\(test.failures)", test.flaky ? .init("flaky", .busy) : "-",
        "\(test.medianMilliseconds.map { DurationText.text(.milliseconds($0)) } ?? "-")",
        "\(test.trend.map { "\($0) x" } ?? "-")")
    }
    try await console.print(table.text(colours: console.colouredOutput))
    if let text = tests.first?.span.text { try await console.note(text) }
  }
}

extension TestSpan {
  /// What is not looked at; `nil` when all is.
  var text: String? {
    guard leftOut > 0 else { return nil }
    return "of the \(builds) newest builds with results; \(leftOut) older ones are left out: their results are too "
      + "many to be read at once"
  }
}

extension Table.Cell {
  /// How a test ended.
  static func outcome(_ outcome: TestOutcome) -> Table.Cell {
    switch outcome {
    case .passed: Table.Cell(outcome.rawValue, .good)
    case .failed: Table.Cell(outcome.rawValue, .bad)
    case .skipped: Table.Cell(outcome.rawValue, .quiet)
    }
  }
}
