import ArgumentParser

/// `distci worker KIND…` runs one, and `distci worker list` shows those that run: what is no subcommand's name goes to the
/// default one.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run a worker, or show those that run.",
    usage: """
      distci worker KIND... [--label LABEL]... [--slots NUMBER] [--once]
      distci worker list
      """, subcommands: [WorkerRun.self, WorkerList.self], defaultSubcommand: WorkerRun.self)
}
