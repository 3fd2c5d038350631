import ArgumentParser
import Model

struct JobValidate: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check job files without a server.",
    discussion: """
      Prints everything that is wrong as FILE:LINE:COLUMN: what, and how to mend it;
      exits 1 when there is anything.

      EXAMPLES
        distci job validate jobs/*.json
        distci job validate --json - < job.json   an array, empty if all is well
      """)

  @Argument(help: "Job files, folders of them, or - for the standard input.")
  var files: [String]
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let checked = CheckedJobs(try await JobSources.read(files))
    if output.json {
      try await console.print(json: checked.diagnostics)
    } else {
      for (source, job) in checked.jobs {
        let count = job.tasks.count
        let text = "\(source.file): ok, job \(job.name) with \(count) task\(count == 1 ? "" : "s")"
        try await console.print(TerminalText.line(text))
      }
      if !checked.diagnostics.isEmpty { try await console.note(checked.diagnosticText) }
    }
    guard checked.diagnostics.isEmpty else { throw ExitStatus.failed }
  }
}
