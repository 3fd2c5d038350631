import ArgumentParser

/// `distci worker KIND…` runs one, `distci worker pool` as many as are wanted, `distci worker list` shows those that run, and
/// `distci worker drain` ends one: what is no subcommand's name goes to the default one.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run a worker or a pool of them, show those that run, or let one end.",
    usage: """
      distci worker KIND... [--label LABEL]... [--slots NUMBER] [--once]
      distci worker pool [--capacity NUMBER] [--label LABEL]...
      distci worker list
      distci worker drain WORKER
      """, subcommands: [WorkerRun.self, WorkerPool.self, WorkerList.self, WorkerDrain.self],
    defaultSubcommand: WorkerRun.self)
}
