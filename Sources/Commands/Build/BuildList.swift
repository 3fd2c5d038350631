import ArgumentParser
import Model

struct BuildList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the builds of a job, newest first.",
    discussion: """
      EXAMPLES
        distci build list library
        distci build list library --limit 5 --json
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @Option(help: "How many to list at most.")
  var limit = 25
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...1_000).contains(limit) else { throw ArgumentParser.ValidationError("--limit is 1 to 1000") }
  }

  func run() async throws {
    let console = Console.current
    let builds = try await server.client().builds(of: job, limit: limit)
    guard !output.json else { return try await console.print(json: builds) }
    let now = Timestamp.now
    var table = Table("BUILD", "VERDICT", "CAUSE", "REQUESTED", "TOOK")
    for build in builds {
      let took = (build.finished?.time ?? now).since(build.requested.time)
      table.add(
        "\(build.job)/\(String(build.build))", .verdict(build.verdict), "\(build.event)",
        "\(DurationText.ago(build.requested.time, now: now))", "\(DurationText.text(took))")
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}
