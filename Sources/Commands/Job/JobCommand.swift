import ArgumentParser

struct JobCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "job", abstract: "Describe what to build.",
    subcommands: [
      JobApply.self, JobValidate.self, JobSchemaCommand.self, JobList.self, JobShow.self, JobDelete.self,
      JobPause.self, JobResume.self,
    ])
}
