import ArgumentParser

struct PullRequestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pull-request", abstract: "See and approve pull requests that come from forks.",
    discussion: """
      Anybody can make a fork, and what is in it runs on your workers. So a job builds
      it only once somebody has approved the very commit, unless its trigger says
      "forks": "build".
      """,
    subcommands: [PullRequestList.self, PullRequestApprove.self])
}
