import ArgumentParser
import Model

struct BuildRetry: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "retry", abstract: "Do tasks of an ended build once more.",
    discussion: """
      Starts a new build with what the earlier one was made of: the job's file as it
      was then, the same parameters and commits, and artifacts copied from the same
      builds. Without options it does what did not succeed, and all that comes after
      that. The other tasks are taken over with their workspaces, logs and artifacts.

      With --wait, exits 0 only if the new build succeeds.

      EXAMPLES
        distci build retry library/12
        distci build retry library/12 --task test
        distci build retry library/12 --from package --wait
        distci build retry library/12 --all
      """)

  @Argument(help: "The build, as JOB/NUMBER.", transform: { try BuildID(parsing: $0) })
  var build: BuildID
  @Option(
    help: ArgumentHelp("Only this task, and what comes after it and did not succeed.", valueName: "task"),
    transform: { try TaskName($0) })
  var task: TaskName?
  @Option(
    help: ArgumentHelp("This task, and all that comes after it.", valueName: "task"), transform: { try TaskName($0) })
  var from: TaskName?
  @Flag(help: "Every task.")
  var all = false
  @Flag(help: "Wait until the new build has ended.")
  var wait = false
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard [task != nil, from != nil, all].count(where: { $0 }) <= 1 else {
      throw ValidationError("give one of --task, --from and --all")
    }
  }

  func run() async throws {
    let client = try server.client()
    let started = try await client.retry(build, scope, by: who.user)
    try await StartedBuild(view: started, client: client, console: .current, output: output)
      .tell(", to do tasks of \(build) once more", wait: wait)
  }

  private var scope: RetryScope {
    if let task { return .task(task) }
    if let from { return .from(from) }
    return all ? .all : .failed
  }
}
