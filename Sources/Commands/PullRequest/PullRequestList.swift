import ArgumentParser
import Model

struct PullRequestList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the pull requests that wait for approval.",
    discussion: """
      EXAMPLES
        distci pull-request list
        distci pull-request list octo/library --json | jq '.[].commit'
      """)

  @Argument(help: "Only those of this repository, as OWNER/NAME.")
  var repository: String?
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let pending = try await server.client().pullRequests(of: repository)
    guard !output.json else { return try await console.print(json: pending) }
    var table = Table("REPOSITORY", "NUMBER", "COMMIT", "SINCE", "INTO", "BRANCH")
    for view in pending {
      table.add(
        "\(view.repository)", "\(String(view.number))", "\(view.commit)",
        "\(DurationText.ago(view.since.time, now: .now))", .init(TerminalText.cut(view.base, to: 40)),
        .init(TerminalText.cut(view.branch, to: 60)))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}
