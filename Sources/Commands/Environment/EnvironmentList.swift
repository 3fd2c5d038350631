import ArgumentParser
import Model

struct EnvironmentList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the environments, what is live there, and what waits.",
    discussion: """
      EXAMPLES
        distci environment list
        distci environment list --json | jq '.[] | {environment, live: .live.build}'
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let environments = try await server.client().environments()
    guard !output.json else { return try await console.print(json: environments) }
    var table = Table("ENVIRONMENT", "LIVE", "SINCE", "COMMIT", "NOW", "WAITING", "TO APPROVE", "PAUSED")
    for view in environments {
      table.add(
        "\(view.environment)", "\(view.live.map { "\($0.id)" } ?? "-")",
        "\(view.live.map { DurationText.ago($0.since.time, now: .now) } ?? "-")",
        "\(view.live?.commit.map { String($0.prefix(12)) } ?? "-")", "\(view.holder.map { "\($0.id)" } ?? "-")",
        "\(String(view.waiting.count))", "\(String(view.unapproved.count))",
        .init(TerminalText.cut(view.paused.map { "by \($0.by)" } ?? "", to: 40)))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}
