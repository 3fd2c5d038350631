import ArgumentParser
import Model

struct BuildStart: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "start", abstract: "Start a build of a job.",
    discussion: """
      With --wait, exits 0 only if the build succeeds. Waiting goes on while the
      server is restarted.

      EXAMPLES
        distci build start library
        distci build start library --parameter ref=main --parameter mode=debug
        distci build start library --wait && ./deploy
        distci build start library --by 'the release script'
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @Option(
    name: .long,
    help: ArgumentHelp("A value for a parameter of the job; may be given several times.", valueName: "name=value"),
    transform: { try ParameterArgument($0) })
  var parameter: [ParameterArgument] = []
  @Flag(help: "Wait until the build has ended.")
  var wait = false
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let client = try server.client()
    let started = try await client.start(job, parameters: try ParameterArgument.values(of: parameter), by: who.user)
    try await StartedBuild(view: started, client: client, console: .current, output: output).tell(wait: wait)
  }
}
