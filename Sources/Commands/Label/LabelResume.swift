import ArgumentParser
import Model

struct LabelResume: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let tasks that ask for a paused label go on.",
    discussion: """
      EXAMPLES
        distci label resume macos
      """)

  @Argument(help: "The label.", transform: { try Label($0) })
  var label: Label
  @OptionGroup var server: ServerOptions

  func run() async throws {
    try await server.client().resume(.label(label))
    try await Console.current.print("\(label): resumed")
  }
}
