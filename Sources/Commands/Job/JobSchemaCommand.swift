import ArgumentParser
import Model

struct JobSchemaCommand: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Print the JSON Schema of job files, for editors.",
    discussion: """
      Name it in a job file, and editors complete and check what you write.

      EXAMPLES
        distci job schema > jobs/job.schema.json
        { "$schema": "./job.schema.json", "job": … }
      """)

  @OptionGroup var output: OutputOptions

  func run() async throws {
    try await Console.current.print(JobSchema.text)
  }
}
