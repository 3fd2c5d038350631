import ArgumentParser

struct BuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Start, watch, explain, repeat and cancel builds.",
    subcommands: [
      BuildStart.self, BuildList.self, BuildShow.self, BuildExplain.self, BuildCancel.self,
      BuildRetry.self,
    ])
}
