import ArgumentParser

struct EnvironmentCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "environment", abstract: "See what is deployed where; approve, pause and roll back.",
    discussion: """
      A task whose "deploy" names an environment deploys there: one task at a time
      does, of all jobs, in the order in which they came. What succeeded is live.
      """,
    subcommands: [
      EnvironmentList.self, EnvironmentShow.self, EnvironmentApprove.self, EnvironmentRollback.self,
      EnvironmentPause.self, EnvironmentResume.self,
    ])
}
