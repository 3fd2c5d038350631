import ArgumentParser

struct LabelCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "label", abstract: "Pause what asks for a label.",
    subcommands: [LabelPause.self, LabelResume.self, LabelList.self])
}
