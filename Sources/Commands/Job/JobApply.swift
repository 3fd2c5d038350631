import ArgumentParser
import Model

struct JobApply: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "apply", abstract: "Create jobs, or bring them up to date.",
    discussion: """
      Every file is checked first; when one of them is wrong, nothing is applied.

      EXAMPLES
        distci job apply jobs/library.json  one job
        distci job apply jobs/              every *.json but *.schema.json
        ./make-job | distci job apply -     from the standard input
      """)

  @Argument(help: "Job files, folders of them, or - for the standard input.")
  var files: [String]
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let client = try server.client()
    let checked = CheckedJobs(try await JobSources.read(files))
    guard checked.diagnostics.isEmpty else {
      throw CommandFailure(.refused, checked.diagnostics.map(\.text).joined(separator: "\n"), remedy: "")
    }
    if let clash = checked.clash {
      throw CommandFailure(
        .usage, "the job \(clash.job) is in several files: \(clash.files.joined(separator: ", "))",
        remedy: "name one of them")
    }
    var applied: [JobView] = []
    for (source, job) in checked.jobs {
      let view = try await client.apply(job.name, text: source.text)
      applied.append(view)
      guard !output.json else { continue }
      try await console.print("\(view.job): applied, revision \(view.revision.prefix(12))")
    }
    if output.json { try await console.print(json: applied) }
  }
}
