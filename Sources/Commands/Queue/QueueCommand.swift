import ArgumentParser

struct QueueCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "queue", abstract: "Show what waits for a worker.",
    subcommands: [QueueList.self], defaultSubcommand: QueueList.self)
}
