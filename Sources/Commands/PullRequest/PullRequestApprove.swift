import ArgumentParser
import Model

struct PullRequestApprove: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "approve", abstract: "Let one commit of a pull request be built.",
    discussion: """
      Look at what it changes first: it runs on your workers. The approval counts for
      this commit and for no other; when the head has moved on, it is refused. What
      deploys or moves refs does not run all the same. Jobs that cannot be built now
      are named: once they can, approve the same commit again.

      EXAMPLES
        distci pull-request approve octo/library 7 --commit 3f2a9c1b…
        distci pull-request approve octo/library 7 --commit 3f2a9c1b… --by ann --json
      """)

  @Argument(help: "The repository that the request was made to, as OWNER/NAME.")
  var repository: String
  @Argument(help: "The request's number.")
  var number: Int
  @Option(help: ArgumentHelp("The commit that you looked at, all of its digits.", valueName: "sha"))
  var commit: String
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard RepositoryAddress.isForgeName(repository) else {
      throw ArgumentParser.ValidationError("'\(TerminalText.line(repository))' is not OWNER/NAME.")
    }
  }

  func run() async throws {
    let view = try await server.client().approvePullRequest(repository, number, commit: commit, by: who.user)
    guard !output.json else { return try await Console.current.print(json: view) }
    let builds = view.started.map { "\($0.id)" }.joined(separator: ", ")
    var lines = ["\(view.repository)#\(view.number) at \(view.commit.prefix(12)): approved by \(view.approvedBy)"]
    if !builds.isEmpty { lines.append("\(view.isRepeat ? "started before" : "started"): \(builds)") }
    lines += view.refused.map { "not built: \($0)" }
    try await Console.current.print(lines.map(TerminalText.line).joined(separator: "\n"))
  }
}
