import ArgumentParser
import Model

struct BuildExplain: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Say why a build, and each of its tasks, is waiting.",
    discussion: """
      EXAMPLES
        distci build explain library/12
        distci build explain library/12 --json |
            jq -r '.tasks[] | "\\(.task): \\(.reason.code)"'
      """)

  @Argument(help: "The build, as JOB/NUMBER.", transform: { try BuildID(parsing: $0) })
  var build: BuildID
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let view = try await server.client().explanation(of: build)
    guard !output.json else { return try await console.print(json: view) }
    try await console.print(ExplanationText(view).text(colours: console.colouredOutput))
  }
}
