import ArgumentParser

struct BuildCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "Start, watch, explain and cancel builds.",
    subcommands: [BuildStart.self, BuildList.self, BuildShow.self, BuildExplain.self, BuildCancel.self])
}
