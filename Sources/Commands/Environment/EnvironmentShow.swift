import ArgumentParser
import Model

struct EnvironmentShow: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show what waits at an environment, and what was deployed there.",
    discussion: """
      EXAMPLES
        distci environment show stage
        distci environment show stage --limit 3 --json | jq '.history[].commit'
      """)

  @Argument(help: "The environment's name.", transform: { try DeployTarget($0) })
  var environment: DeployTarget
  @Option(help: "How much of its history to show at most.")
  var limit = 25
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard (1...1_000).contains(limit) else { throw ArgumentParser.ValidationError("--limit is 1 to 1000") }
  }

  func run() async throws {
    let console = Console.current
    let view = try await server.client().environment(environment, limit: limit)
    guard !output.json else { return try await console.print(json: view) }
    try await console.print(EnvironmentText(view, console: console).whole)
  }
}
