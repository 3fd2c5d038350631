import ArgumentParser
import Model

struct RepositoryList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the repositories whose job files are read, and the jobs that they keep.",
    discussion: """
      EXAMPLES
        distci repository list
        distci repository list --json | jq -r '.[].repository'
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let repositories = try await KeptRepository.all(of: server.client())
    guard !output.json else { return try await console.print(json: repositories) }
    var table = Table("REPOSITORY", "READ BY", "LAST", "JOBS")
    for repository in repositories {
      let jobs = repository.jobs.map { "\($0.job)" + ($0.kept?.isDefined == false ? " (branches only)" : "") }
      table.add(
        .init(TerminalText.cut(repository.repository, to: 60)), "\(repository.job)",
        repository.latest.map { .verdict($0.verdict) } ?? "-",
        .init(TerminalText.cut(jobs.joined(separator: ", "), to: 80)))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }
}

/// A repository whose job files are read.
struct KeptRepository: Encodable {
  var repository: String
  /// The job that reads them.
  var job: JobName
  /// Its newest build.
  var latest: BuildSummary?
  /// The jobs whose files it read.
  var jobs: [JobView]

  /// In the order of the reading jobs' names.
  static func all(of client: ServerClient) async throws -> [KeptRepository] {
    let jobs = try await client.jobs(limit: .max)
    let kept = Dictionary(grouping: jobs.filter { $0.kept != nil }) { $0.kept?.reader.job }
    return jobs.compactMap { job in
      job.reads.map {
        KeptRepository(repository: $0, job: job.job, latest: job.latest, jobs: kept[job.job] ?? [])
      }
    }
  }
}
