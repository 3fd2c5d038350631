import ArgumentParser
import Model

struct JobResume: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "resume", abstract: "Let a paused job go on.",
    discussion: """
      Every build that waited goes on, once. Resuming a job that is not paused does
      nothing.

      EXAMPLES
        distci job resume library
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await server.client().resume(.job(job))
    guard !output.json else { return try await Console.current.print(json: ["resumed": job.rawValue]) }
    try await Console.current.print("\(job): resumed")
  }
}
