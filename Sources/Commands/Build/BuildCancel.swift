import ArgumentParser
import Model

struct BuildCancel: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "cancel", abstract: "Cancel a build.",
    discussion: """
      EXAMPLES
        distci build cancel library/12
        distci build cancel library/12 --by 'the release script'
      """)

  @Argument(help: "The build, as JOB/NUMBER.", transform: { try BuildID(parsing: $0) })
  var build: BuildID
  @OptionGroup var who: UserOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let view = try await server.client().cancel(build, by: who.user)
    guard !output.json else { return try await Console.current.print(json: view) }
    let state = view.verdict.map { "has ended, \($0.rawValue)" } ?? "being cancelled"
    try await Console.current.print("\(build): \(state)")
  }
}
