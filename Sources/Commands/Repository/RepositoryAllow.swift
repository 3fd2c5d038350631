import ArgumentParser
import Model

struct RepositoryAllow: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "allow", abstract: "Have the job files of a repository read at each push.",
    discussion: """
      Makes the job that reads them, and applies it; again, it changes what they may
      do. Without options, octo/library may define the job library and those whose
      names begin with library-, whose tasks run on workers without labels and check
      out octo/library alone.

      EXAMPLES
        distci repository allow octo/library
        distci repository allow octo/library --label linux --label arm --allow deploy
        distci repository allow octo/library --pull-requests
        distci repository allow /srv/git/library.git --jobs 'lib-*' \\
              --default-branch trunk
        distci repository allow octo/library --print > library-files.json
        distci build start library-files --wait    read the default branch now

      In the repository, .distci/library.json is an ordinary job file:
        { "job": "library",
          "triggers": [{ "on": "push", "repository": "octo/library" }],
          "tasks": [
            { "name": "source", "type": "git-checkout",
              "repository": "https://github.com/octo/library.git" },
            { "name": "test", "type": "execute-shell", "script": "make test" } ] }
      A git-checkout without "ref" brings the very commit that the file was read at.
      """)

  @Argument(help: "OWNER/NAME at a forge, a clone URL, or the absolute path of a repository of this machine.")
  var repository: String
  @Option(
    help: ArgumentHelp(
      "Where workers find it; for OWNER/NAME, https://github.com/OWNER/NAME.git.", valueName: "address"))
  var url: String?
  @Option(help: ArgumentHelp("Names of jobs that files may define. May be given several times.", valueName: "glob"))
  var jobs: [String] = []
  @Option(
    name: .customLong("label"),
    help: ArgumentHelp("A label that tasks may ask for. May be given several times.", valueName: "label"))
  var labels: [String] = []
  @Option(
    name: .customLong("checkout"),
    help: ArgumentHelp("Another repository that tasks may check out. May be given several times.", valueName: "address")
  )
  var repositories: [String] = []
  @Option(
    name: .customLong("other-job"),
    help: ArgumentHelp(
      "A job from elsewhere that files may start and copy artifacts from. May be given several times.",
      valueName: "job"))
  var otherJobs: [String] = []
  @Option(
    name: .customLong("allow"),
    help: ArgumentHelp(
      "What files may do beyond building: deploy, git-promote or submodules. May be given several times.",
      valueName: "word"))
  var permissions: [String] = []
  @Option(
    name: .customLong("file"), help: ArgumentHelp("Which files; .distci/*.json when left out.", valueName: "glob"))
  var files: [String] = []
  @Option(help: ArgumentHelp("The branch whose files are what the jobs are.", valueName: "branch"))
  var defaultBranch = JobFiles.usualBranch
  @Option(help: ArgumentHelp("What the reading job is called; NAME-files when left out.", valueName: "name"))
  var job: String?
  @Flag(help: "Read them for pull requests as well: those from forks once somebody has approved them.")
  var pullRequests = false
  @Flag(help: "Print the reading job's file, and apply nothing.")
  var print = false
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let job = try readingJob.parsed
    guard !print else { return try await console.print(job.json) }
    let view = try await server.client().apply(job.name, text: Array(job.json.utf8))
    guard !output.json else { return try await console.print(json: view) }
    try await console.print(
      TerminalText.line("\(repository): the job \(view.job) reads \(readingJob.files.joined(separator: ", "))")
        + "\nread the default branch now: distci build start \(view.job) --wait")
  }

  private var readingJob: ReadingJob {
    var reading = ReadingJob(repository: repository)
    reading.url = url ?? reading.url
    reading.name = job ?? reading.name
    if !jobs.isEmpty { reading.jobs = jobs }
    if !files.isEmpty { reading.files = files }
    reading.labels = labels
    reading.repositories = repositories
    reading.otherJobs = otherJobs
    reading.permissions = permissions
    reading.branch = defaultBranch
    reading.readsPullRequests = pullRequests
    return reading
  }
}
