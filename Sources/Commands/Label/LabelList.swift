import ArgumentParser
import Model

struct LabelList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the jobs, labels and environments that are paused.",
    discussion: """
      EXAMPLES
        distci label list
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let pauses = try await server.client().pauses()
    guard !output.json else { return try await console.print(json: pauses) }
    var table = Table("PAUSED", "SINCE", "BY", "REASON")
    for pause in pauses {
      let subject =
        pause.label.map { "label \($0)" } ?? pause.job.map { "job \($0)" }
        ?? pause.environment.map { "environment \($0)" } ?? "-"
      table.add(
        "\(subject)", "\(pause.since.time.local(in: console.timeZone))", "\(pause.by)",
        .init(TerminalText.cut(pause.reason ?? "", to: 80)))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}
