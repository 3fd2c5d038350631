import ArgumentParser
import Foundation
import Model
import Workers

struct WorkerPool: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pool", abstract: "Run this host's share of the slots that are wanted.",
    discussion: """
      'distci scale' says how many slots are wanted; the pools of all hosts share
      them out by their capacity, and again whenever a host comes or goes. Each slot
      is a worker process of its own: one that dies is started again, and what it
      had is taken back at once. SIGTERM drains the host: no new tickets are taken,
      other hosts take over, and the pool ends when what runs has finished, or,
      after --drain-timeout, is given back. If the pool is killed, its workers
      drain.

      ZooKeeper by default lets one address have 60 connections (maxClientCnxns); a
      pool takes one, and one for each slot.

      EXAMPLES
        distci worker pool --capacity 8 --label linux --label x86
        distci worker pool --kind execute-shell --label gpu --capacity 1
      """)

  @Option(
    help: ArgumentHelp(
      "How many slots this host runs at most. The default is one for each core.", valueName: "number"))
  var capacity: Int?

  @Option(
    help: ArgumentHelp(
      "A kind of task that it runs slots for; all, if none is given. May be given several times.", valueName: "kind"))
  var kind: [String] = []

  @Option(help: ArgumentHelp("The address of a frontend, for the links that tasks are told.", valueName: "url"))
  var server: String?

  @OptionGroup var stores: StoreOptions
  @OptionGroup var options: WorkerOptions

  func validate() throws {
    guard capacity.map((1...1_000).contains) ?? true else {
      throw ArgumentParser.ValidationError("--capacity is 1 to 1000")
    }
    for kind in kind where TaskKind(rawValue: kind) == nil {
      let known = TaskKind.allCases.map(\.rawValue).joined(separator: ", ")
      throw ArgumentParser.ValidationError("\(kind) is no kind of task; write \(known)")
    }
  }

  func run() async throws {
    let kinds = kind.isEmpty ? TaskKind.allCases : kind.compactMap { TaskKind(rawValue: $0) }
    let offer = try options.offer([:])
    let host = ServerProcess(stores: try await Stores.open(stores), logger: .server("pool"))
    let child = SeatCommand(stores: stores, options: options, server: server)
    try await host.run(
      pool: PoolSettings(
        configuration: PoolConfiguration(
          host: offer.host, process: offer.process, kinds: Set(kinds), labels: offer.labels,
          capacity: capacity ?? ProcessInfo.processInfo.activeProcessorCount),
        start: child.start))
  }
}
