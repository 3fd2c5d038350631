import ArgumentParser
import Coordination
import Execution
import Foundation
import Model
import Workers

struct WorkerRun: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Run a worker until it is told to stop.",
    discussion: """
      A worker takes tickets of the kinds that it is named: build-control,
      git-checkout, execute-shell, publish-artifacts, copy-artifacts, git-promote.
      It needs no registration: starting one scales up. SIGTERM scales down: it
      takes no new tickets, and ends when what it has is finished, or, after
      --drain-timeout, is given back. Killing it loses nothing: others take over
      what it had.

      EXAMPLES
        distci worker execute-shell --label linux --label x86 --slots 4
        distci worker build-control git-checkout --slots 2
        distci worker execute-shell --label fresh --once   takes one ticket, exits
      """)

  @Argument(help: ArgumentHelp("The kinds of ticket that it takes.", valueName: "kind"))
  var kinds: [String]

  @Option(help: ArgumentHelp("How many tickets of each kind it works on at a time.", valueName: "number"))
  var slots = 1

  @Flag(help: "Take one ticket, finish it, and exit.")
  var once = false

  @Option(help: ArgumentHelp("The address of a frontend, for the links that tasks are told.", valueName: "url"))
  var server: String?

  /// Which of the wanted slots it is, when a pool starts it; the pool is at the other end of an inherited socket then.
  @Option(help: .hidden)
  var seat: Int?

  @Option(help: .hidden)
  var pool: String?

  @OptionGroup var stores: StoreOptions
  @OptionGroup var options: WorkerOptions

  func validate() throws {
    guard !kinds.isEmpty else { throw ArgumentParser.ValidationError("name at least one kind: \(known)") }
    for kind in kinds where TaskKind(rawValue: kind) == nil {
      throw ArgumentParser.ValidationError("\(kind) is no kind of ticket; write \(known)")
    }
    guard (1...1_000).contains(slots) else { throw ArgumentParser.ValidationError("--slots is 1 to 1000") }
    guard !once || (kinds.count == 1 && slots == 1) else {
      throw ArgumentParser.ValidationError("--once takes one kind and one slot")
    }
    guard (seat == nil) == (pool == nil), seat == nil || (kinds.count == 1 && slots == 1) else {
      throw ArgumentParser.ValidationError("--seat is for pools: one kind and one slot")
    }
  }

  func run() async throws {
    let link = try seat.map { _ in try supervisor() }
    let stores = try await Stores.open(stores)
    let environment = ProcessInfo.processInfo.environment
    var offer = try options.offer(
      Dictionary(kinds.compactMap { TaskKind(rawValue: $0) }.map { ($0, slots) }) { first, _ in first })
    if let seat, let pool, let kind = offer.slots.keys.first {
      offer.seat = HeldSeat(SeatID(QueueClass(kind: kind, labels: offer.labels), seat), pool: pool)
    }
    let host = ServerProcess(stores: stores, logger: .server("worker"))
    try await host.run(
      worker: WorkerSettings(
        offer: offer, takesOne: once,
        configuration: options.configuration(
          folder: stores.folder, serverURL: server ?? environment["DISTCI_SERVER"]),
        drainTimeout: options.drainTimeout.map { .seconds($0) }, pool: link))
  }

  private func supervisor() throws -> SupervisorLink {
    guard let link = SupervisorLink.inherited() else {
      throw ArgumentParser.ValidationError("--seat is for workers that 'distci worker pool' starts; leave it out")
    }
    return link
  }

  private var known: String { TaskKind.allCases.map(\.rawValue).joined(separator: ", ") }
}
