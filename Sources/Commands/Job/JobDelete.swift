import ArgumentParser
import Model

struct JobDelete: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete a job. Its builds, logs and artifacts stay.",
    discussion: """
      EXAMPLES
        distci job delete library
      """)

  @Argument(help: "The job's name.", transform: { try JobName($0) })
  var job: JobName
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await server.client().delete(job)
    guard !output.json else { return try await Console.current.print(json: ["deleted": job.rawValue]) }
    try await Console.current.print("\(job): deleted")
  }
}
