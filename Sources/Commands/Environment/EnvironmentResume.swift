import ArgumentParser
import Model

struct EnvironmentResume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused environment be deployed to again.",
    discussion: """
      EXAMPLES
        distci environment resume production
      """)

  @Argument(help: "The environment's name.", transform: { try DeployTarget($0) })
  var environment: DeployTarget
  @OptionGroup var server: ServerOptions

  func run() async throws {
    try await server.client().resume(.environment(environment))
    try await Console.current.print("\(environment): resumed")
  }
}
