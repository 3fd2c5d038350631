import ArgumentParser
import Model

struct EnvironmentRollback: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "rollback", abstract: "Deploy once more what an earlier build deployed.",
    discussion: """
      Starts a new build of the earlier build's job, as the job's file was then,
      with the same parameters, the same commits, and artifacts copied from the
      same builds. It runs the tasks that deploy to this environment, and those
      that they need, which are made again. It skips all others, also those that
      deploy elsewhere, and its "then" starts nothing. It waits for its turn at
      the environment, and for no approval: whoever rolls back has given it.
      With --wait, exits 0 only if the build succeeds.

      Without --to, it goes to the build that was live before the one that is
      live now.

      EXAMPLES
        distci environment rollback production --wait
        distci environment rollback production --to shop/11
      """)

  @Argument(help: "The environment's name.", transform: { try DeployTarget($0) })
  var environment: DeployTarget
  @Option(
    help: ArgumentHelp("The build that deployed there, as JOB/NUMBER.", valueName: "build"),
    transform: { try BuildID(parsing: $0) })
  var to: BuildID?
  @Flag(help: "Wait until the build has ended.")
  var wait = false
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let client = try server.client()
    let started = try await client.rollBack(environment, to: to, by: who.user)
    let target = started.cause.build.map { " to \($0.id)" } ?? ""
    try await StartedBuild(view: started, client: client, console: .current, output: output)
      .tell(", to roll back \(environment)\(target)", wait: wait)
  }
}
