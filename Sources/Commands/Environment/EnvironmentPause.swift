import ArgumentParser
import Model

struct EnvironmentPause: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let nothing be deployed to an environment.",
    discussion: """
      A task that deploys already goes on to its end. Others wait, holding no worker;
      'distci build explain' says who paused the environment, when and why. A rollback
      waits as well.

      EXAMPLES
        distci environment pause production --reason 'the shop is busy'
        distci environment resume production
      """)

  @Argument(help: "The environment's name.", transform: { try DeployTarget($0) })
  var environment: DeployTarget
  @OptionGroup var pause: PauseOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let view = try await server.client().pause(.environment(environment), by: pause.user, reason: pause.reason)
    guard !output.json else { return try await Console.current.print(json: view) }
    try await Console.current.print("\(environment): paused")
  }
}
