import ArgumentParser
import Model

struct JobList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List jobs, each with its newest build.",
    discussion: """
      EXAMPLES
        distci job list
        distci job list --json | jq -r '.[].job'
      """)

  @Option(help: "How many to list at most.")
  var limit = 1_000
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...1_000).contains(limit) else { throw ArgumentParser.ValidationError("--limit is 1 to 1000") }
  }

  func run() async throws {
    let console = Console.current
    let jobs = try await server.client().jobs(limit: limit)
    guard !output.json else { return try await console.print(json: jobs) }
    let now = Timestamp.now
    var table = Table("JOB", "BUILD", "VERDICT", "REQUESTED", "DESCRIPTION")
    for job in jobs {
      let description =
        (job.paused.map { "paused by \($0.by)" + (job.description.isEmpty ? "" : "; ") } ?? "") + job.description
      table.add(
        "\(job.job)", "\(job.latest.map { String($0.build) } ?? "-")", .verdict(of: job.latest),
        "\(job.latest.map { DurationText.ago($0.requested.time, now: now) } ?? "-")",
        .init(TerminalText.cut(description, to: 60)))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}

extension Table.Cell {
  fileprivate static func verdict(of build: BuildSummary?) -> Table.Cell {
    build.map { .verdict($0.verdict) } ?? "-"
  }
}
