import Model

/// The job that reads the job files of a repository, as an operator would write it.
struct ReadingJob {
  /// As the operator names it.
  var repository: String
  var url: String
  var name: String
  var jobs: [String]
  var files = JobFiles.usualFiles
  var labels: [String] = []
  var repositories: [String] = []
  var otherJobs: [String] = []
  var permissions: [String] = []
  var branch = JobFiles.usualBranch
  var readsPullRequests = false

  init(repository: String) {
    self.repository = repository
    url = RepositoryAddress.isForgeName(repository) ? "https://github.com/\(repository).git" : repository
    let identity = RepositoryIdentity.of(repository)
    let last = identity.split { $0 == "/" || $0 == ":" }.last.map(String.init) ?? ""
    // What a job's name cannot hold is left out.
    let short = String(
      last.unicodeScalars.filter {
        $0.isASCII && ($0.properties.isAlphabetic || "0"..."9" ~= $0 || "._-".unicodeScalars.contains($0))
      }.map(Character.init))
    name = "\(short)-files"
    jobs = [short, "\(short)-*"]
  }

  /// - Throws: ``CommandFailure`` that says what is wrong with what was asked.
  var parsed: Job {
    get throws(CommandFailure) {
      do throws(InvalidJobFile) {
        return try JobFile.parse(Array(text.utf8), file: "job")
      } catch {
        let problems = error.diagnostics.map { TerminalText.line("\($0.message); \($0.remedy)") }
        throw CommandFailure(.usage, problems.joined(separator: "\n"), remedy: "see 'distci repository allow --help'")
      }
    }
  }

  private var text: String {
    var reads: [JSONValue.Member] = [
      .init("files", .strings(files)), .init("default", .string(branch)), .init("jobs", .strings(jobs)),
    ]
    for (key, list) in [
      ("labels", labels), ("repositories", repositories), ("otherJobs", otherJobs), ("allow", permissions),
    ] where !list.isEmpty {
      reads.append(.init(key, .strings(list)))
    }
    let task: JSONValue = .object([
      .init("name", .string("read")), .init("type", .string("git-checkout")), .init("repository", .string(url)),
      .init("ref", .string(branch)), .init("jobFiles", .object(reads)),
    ])
    return JSONValue.object([
      .init("job", .string(name)), .init("description", .string("Reads the job files of \(repository)")),
      .init("triggers", .array(triggers)), .init("tasks", .array([task])),
    ]).text
  }

  private var triggers: [JSONValue] {
    let push: JSONValue = .object([
      .init("on", .string("push")), .init("repository", .string(repository)), .init("branches", .strings(["**"])),
      .init("tags", .strings(["**"])),
    ])
    // Forks wait for approval: so it is when nothing is said.
    let pull: JSONValue = .object([.init("on", .string("pull-request")), .init("repository", .string(repository))])
    return readsPullRequests ? [push, pull] : [push]
  }
}
