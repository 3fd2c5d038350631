import ArgumentParser
import Model

struct QueueList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the tickets that wait for a worker.",
    discussion: """
      A ticket waits for a worker of its kind that offers all of its labels; compare
      'distci worker list'.

      EXAMPLES
        distci queue list
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let tickets = try await server.client().queue()
    guard !output.json else { return try await console.print(json: tickets) }
    let now = Timestamp.now
    var table = Table("KIND", "LABELS", "BUILD", "TICKET", "WAITS FOR")
    for ticket in tickets {
      let labels = ticket.labels.map(\.rawValue).joined(separator: ",")
      table.add(
        "\(ticket.kind.rawValue)", "\(labels.isEmpty ? "-" : labels)", "\(ticket.job)/\(String(ticket.build))",
        "\(ticket.ticket)", "\(DurationText.text(now.since(ticket.posted.time)))")
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}
