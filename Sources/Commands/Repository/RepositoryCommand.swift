import ArgumentParser

struct RepositoryCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repository", abstract: "Let repositories keep their own job files.",
    discussion: """
      A repository that is allowed to keeps its jobs in .distci/*.json. Each push is
      read by a job of its own, the reading job, which then starts the jobs whose
      triggers fit, at that very commit. What the files may do is written in the
      reading job: nobody who can push can change it.
      """,
    subcommands: [RepositoryAllow.self, RepositoryList.self, RepositoryForbid.self])
}
