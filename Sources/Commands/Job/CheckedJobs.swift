import Model

/// Job files after they have been read: the jobs, and everything that is wrong.
struct CheckedJobs: Sendable {
  private(set) var jobs: [(source: JobSources.Source, job: Job)] = []
  private(set) var diagnostics: [DiagnosticView] = []

  init(_ sources: [JobSources.Source]) {
    for source in sources {
      do throws(InvalidJobFile) {
        jobs.append((source, try JobFile.parse(source.text, file: source.file)))
      } catch {
        diagnostics += error.diagnostics.map { DiagnosticView($0) }
      }
    }
  }

  var diagnosticText: String { diagnostics.map { TerminalText.line($0.text) }.joined(separator: "\n") }

  /// Two files for one job, if there are.
  var clash: (job: JobName, files: [String])? {
    Dictionary(grouping: jobs, by: \.job.name).filter { $0.value.count > 1 }.min { $0.key < $1.key }
      .map { ($0.key, $0.value.map(\.source.file)) }
  }
}
