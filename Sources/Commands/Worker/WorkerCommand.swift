import ArgumentParser

/// `distci worker KIND…` runs one, `distci worker list` shows those that run, and `distci worker drain` ends one: what is no subcommand's name goes to the
/// default one.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run a worker, show those that run, or let one end.",
    usage: """
      distci worker KIND... [--label LABEL]... [--slots NUMBER] [--once]
      distci worker list
      distci worker drain WORKER
      """, subcommands: [WorkerRun.self, WorkerList.self, WorkerDrain.self], defaultSubcommand: WorkerRun.self)
}
