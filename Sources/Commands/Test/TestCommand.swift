import ArgumentParser

struct TestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "test", abstract: "List the tests that builds ran, and what became of them.",
    discussion: """
      Results come from the JUnit reports that tasks name in "reports".
      Those of a job's 100 newest builds are kept.
      """,
    subcommands: [TestList.self, TestShow.self])
}
