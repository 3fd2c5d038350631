import ArgumentParser
import Model

struct JobPause: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "pause", abstract: "Let a job's builds wait.",
    discussion: """
      Triggers still start builds, and tasks that run go on to their end; nothing
      new of the job is run until it is resumed. 'distci build explain' says who
      paused it, when and why.

      EXAMPLES
        distci job pause library --reason 'the test machine is being moved'
        distci job resume library
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @OptionGroup var pause: PauseOptions
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let view = try await server.client().pause(.job(job), by: pause.user, reason: pause.reason)
    guard !output.json else { return try await Console.current.print(json: view) }
    try await Console.current.print("\(job): paused")
  }
}
