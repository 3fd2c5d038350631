import ArgumentParser
import Model

struct LogCommand: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "log", abstract: "Print the log of a build, or of one of its tasks.",
    discussion: """
      Every line is printed as the task wrote it. Into a file or a pipe, byte for
      byte; on a terminal, without control sequences other than those of colours.
      With --follow, a lost connection is made again without a gap or a repeat.

      EXAMPLES
        distci log library/12
        distci log library/12/test --follow
        distci log library/12 > build.log
        distci log library/12 --json   an object {"text": …} for each line
      """)

  @Argument(help: "The build or task, as JOB/NUMBER or JOB/NUMBER/TASK.", transform: { try LogTarget($0) })
  var target: LogTarget
  @Flag(help: "Go on until the build, or the task, has ended.")
  var follow = false
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    var printer = LogPrinter(console: console, json: output.json)
    let reading = LogReading(client: try server.client(), target: target, follow: follow)
    try await reading.read { failure in
      try await console.note(TerminalText.line("\(failure.message); trying again"))
    } _: { piece in
      try await printer.print(piece)
    }
    try await printer.finish()
  }
}
