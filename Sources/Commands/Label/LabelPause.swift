import ArgumentParser
import Model

struct LabelPause: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let tasks that ask for a label wait.",
    discussion: """
      Tasks that run go on to their end. Workers that offer the label go on with
      tasks that do not ask for it.

      EXAMPLES
        distci label pause macos --reason 'the machines are being updated'
        distci label resume macos
      """)

  @Argument(help: "The label.", transform: { try Label($0) })
  var label: Label
  @OptionGroup var pause: PauseOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let view = try await server.client().pause(.label(label), by: pause.user, reason: pause.reason)
    guard !output.json else { return try await Console.current.print(json: view) }
    try await Console.current.print("\(label): paused")
  }
}
