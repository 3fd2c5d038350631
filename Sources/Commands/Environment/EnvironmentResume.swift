import ArgumentParser
import Model

struct EnvironmentResume: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused environment be deployed to again.",
    discussion: """
      EXAMPLES
        distci environment resume production
      """)

  @Argument(help: "The environment's name.", transform: { try DeployTarget($0) })
  var environment: DeployTarget
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await server.client().resume(.environment(environment))
    guard !output.json else { return try await Console.current.print(json: ["resumed": environment.rawValue]) }
    try await Console.current.print("\(environment): resumed")
  }
}
