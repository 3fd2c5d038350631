import ArgumentParser
import Model

struct WorkerDrain: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "drain", abstract: "Let a worker finish what it has, and end.",
    discussion: """
      The worker takes no more tickets, and its process ends when what it has is
      finished, as after SIGTERM.

      EXAMPLES
        distci worker list
        distci worker drain host~5f
      """)

  @Argument(help: "The worker, as 'distci worker list' names it.")
  var worker: String
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let view = try await server.client().drain(worker, by: who.user)
    guard !output.json else { return try await Console.current.print(json: view) }
    let busy = view.busy.count
    try await Console.current.print(
      TerminalText.line("\(worker): draining")
        + (busy == 0 ? "" : ", \(busy == 1 ? "a task is" : "\(busy) tasks are") under way"))
  }
}
