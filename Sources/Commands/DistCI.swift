package import ArgumentParser

/// The root of the command line.
package struct DistCI: AsyncParsableCommand {
  package static let configuration = CommandConfiguration(
    commandName: "distci",
    abstract: "Continuous integration without a master.",
    discussion: """
      EXAMPLES
        distci standalone                            run everything on this machine
        distci job apply jobs/                       take a folder of jobs
        distci build start library --wait            build, and say how it ended
        distci log library/12 --follow               read along
        distci artifact get library/12 dist/app.tgz  fetch what it published

      Commands that talk to a server take --server URL, or DISTCI_SERVER, and
      default to http://127.0.0.1:8080.

      Exit codes: 0 good, 1 the build or check failed, 2 wrong usage, 3 the server
      could not be reached.

      Completions: distci --generate-completion-script bash (or zsh, or fish).
      """,
    version: "0.1.0",
    subcommands: [
      Standalone.self, FrontendCommand.self, WorkerCommand.self, JobCommand.self, BuildCommand.self, LogCommand.self,
      ArtifactCommand.self, TestCommand.self, EnvironmentCommand.self, PullRequestCommand.self,
      QueueCommand.self, LabelCommand.self, HookCommand.self, RepositoryCommand.self, ScaleCommand.self,
      BenchCommand.self, DoctorCommand.self,
    ])

  package init() {}
}

extension DistCI {
  /// Parses and runs a command line, and says on the console what went wrong.
  ///
  /// - Parameter arguments: without the program's name.
  package static func run(_ arguments: [String]) async -> ExitStatus {
    do {
      var command = try parseAsRoot(arguments)
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
      return .good
    } catch {
      let unknown = ExitStatus(error) == .usage ? UnknownCommand.failure(in: arguments) : nil
      return await FailureReport(unknown ?? error, json: arguments.contains("--json")).print(on: Console.current)
    }
  }
}
