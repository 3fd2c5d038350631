import ArgumentParser

/// `distci worker KIND…` runs one, and `distci worker list` shows those that run: what is no subcommand's name goes to the
/// default one.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Show the workers.",
    subcommands: [WorkerList.self])
}
