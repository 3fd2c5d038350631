import ArgumentParser
import Model

struct RepositoryForbid: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "forbid", abstract: "Read the job files of a repository no more.",
    discussion: """
      Deletes the job that reads them, and the jobs that the repository keeps. What
      they built stays; builds that run go on.

      EXAMPLES
        distci repository forbid octo/library
      """)

  @Argument(help: "OWNER/NAME, an address, or the name of the job that reads the files.")
  var repository: String
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let client = try server.client()
    let found = try await KeptRepository.all(of: client).filter { entry in
      entry.job.rawValue == repository || RepositoryIdentity.names(entry.repository, repository)
    }
    guard let entry = found.first else {
      throw CommandFailure(
        .refused, "no job files of \(repository) are read", remedy: "see 'distci repository list'")
    }
    guard found.count == 1 else {
      throw CommandFailure(
        .refused, "several jobs read files of \(repository): \(found.map(\.job.rawValue).joined(separator: ", "))",
        remedy: "name one of these jobs")
    }
    // First the one that could bring the others back.
    let deleted = [entry.job] + entry.jobs.map(\.job)
    for job in deleted { try await client.delete(job) }
    guard !output.json else { return try await Console.current.print(json: ["deleted": deleted.map(\.rawValue)]) }
    try await Console.current.print(deleted.map { "\($0): deleted" }.joined(separator: "\n"))
  }
}
