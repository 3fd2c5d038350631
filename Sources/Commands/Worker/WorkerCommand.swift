import ArgumentParser

/// `distci worker KIND…` runs one, `distci worker pool` as many as are wanted, and `distci worker list` shows those that run:
/// what is no subcommand's name goes to the default one.
struct WorkerCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "worker", abstract: "Run a worker, or a pool of them, or show those that run.",
    usage: """
      distci worker KIND... [--label LABEL]... [--slots NUMBER] [--once]
      distci worker pool [--capacity NUMBER] [--label LABEL]...
      distci worker list
      """, subcommands: [WorkerRun.self, WorkerPool.self, WorkerList.self], defaultSubcommand: WorkerRun.self)
}
