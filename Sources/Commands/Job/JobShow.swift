import ArgumentParser
import Model

struct JobShow: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show a job and its file.",
    discussion: """
      EXAMPLES
        distci job show library
        distci job show library --file > library.json   its file, in version 1
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @Flag(help: "Print the job file and nothing else.")
  var file = false
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let client = try server.client()
    if file { return try await console.print(shown(try await client.file(of: job), console)) }
    let view = try await client.job(job)
    guard !output.json else { return try await console.print(json: view) }
    let text = shown(try await client.file(of: job), console)
    let updated = view.updated.time.local(in: console.timeZone)
    var facts = "\(view.job), revision \(view.revision.prefix(12)), updated \(updated)"
    if let latest = view.latest {
      let verdict = Style(latest.verdict).applied(
        to: latest.verdict?.rawValue ?? "running", colours: console.colouredOutput)
      facts += "\nnewest build: \(latest.job)/\(latest.build), \(verdict)"
    }
    if let kept = view.kept { facts += "\n" + TerminalText.line(kept.text) }
    if let repository = view.reads { facts += "\n" + TerminalText.line("reads the job files of \(repository)") }
    if let pause = view.paused {
      let since = pause.since.time.local(in: console.timeZone)
      let reason = pause.reason.map { ": \($0)" } ?? ""
      facts += "\n" + TerminalText.line("paused by \(pause.by) since \(since)\(reason)")
    }
    for line in ClockText.lines(view, timeZone: console.timeZone) { facts += "\n" + TerminalText.line(line) }
    try await console.print(facts + "\n\n" + text)
  }

  private func shown(_ text: [UInt8], _ console: Console) -> String {
    let text = String(decoding: text, as: UTF8.self)
    return console.outputIsTerminal ? TerminalText.lines(text) : text
  }
}
