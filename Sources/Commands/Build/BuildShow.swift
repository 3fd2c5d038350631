import ArgumentParser
import Model

struct BuildShow: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a build and its tasks.",
    discussion: """
      EXAMPLES
        distci build show library/12
        distci build show library/12 --json | jq .verdict   null until it ends
      """)

  @Argument(help: "The build, as JOB/NUMBER.", transform: { try BuildID(parsing: $0) })
  var build: BuildID
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let view = try await server.client().build(build)
    guard !output.json else { return try await console.print(json: view) }
    try await console.print(BuildText(view, console: console).whole)
  }
}
