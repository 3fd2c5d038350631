import ArgumentParser
import Model

struct LabelResume: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let tasks that ask for a paused label go on.",
    discussion: """
      EXAMPLES
        distci label resume macos
      """)

  @Argument(help: "The label.", transform: { try Label($0) })
  var label: Label
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await server.client().resume(.label(label))
    guard !output.json else { return try await Console.current.print(json: ["resumed": label.rawValue]) }
    try await Console.current.print("\(label): resumed")
  }
}
