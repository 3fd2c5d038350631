import ArgumentParser
import Model

struct EnvironmentApprove: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Let a task deploy that waits for approval.",
    discussion: """
      The approval counts for this task of this build and for no other; who gave it,
      and when, is shown with the build and in the environment's history. To reject,
      cancel the build. Without a task, it is the only one that waits for approval.

      EXAMPLES
        distci environment approve shop/12/production
        distci environment approve shop/12 --by ann
        distci build cancel shop/12
      """)

  @Argument(help: "The task, as JOB/NUMBER/TASK or JOB/NUMBER.", transform: { try LogTarget($0) })
  var target: LogTarget
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let client = try server.client()
    let task: TaskName
    if let named = target.task { task = named } else { task = try onlyOne(try await client.build(target.build)) }
    let view = try await client.approve(target.build, task: task, by: who.user)
    guard !output.json else { return try await Console.current.print(json: view) }
    try await Console.current.print("\(target.build)/\(task): approved by \(TerminalText.line(who.user))")
  }

  private func onlyOne(_ view: BuildView) throws(CommandFailure) -> TaskName {
    let waiting = view.tasks.filter(\.isUnapproved).map(\.name)
    guard let task = waiting.first, waiting.count == 1 else {
      throw CommandFailure(
        .refused,
        waiting.isEmpty
          ? "no task of \(target.build) waits for approval"
          : "\(waiting.count) tasks of \(target.build) wait for approval",
        remedy: waiting.isEmpty
          ? "see what it waits for with 'distci build explain \(target.build)'"
          : "name one of \(waiting.map { "\(target.build)/\($0)" }.joined(separator: ", "))")
    }
    return task
  }
}
