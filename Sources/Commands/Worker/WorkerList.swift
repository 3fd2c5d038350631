import ArgumentParser
import Model

struct WorkerList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the workers and what they are busy with.",
    discussion: """
      A worker that a pool runs fills a seat: one of the slots that 'distci scale'
      lists as wanted. The pools themselves follow.

      EXAMPLES
        distci worker list
        distci worker list --json | jq '[.[].busy | length] | add'
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let client = try server.client()
    let workers = try await client.workers()
    guard !output.json else { return try await console.print(json: workers) }
    let now = Timestamp.now
    var table = Table("WORKER", "HOST", "PID", "STARTED", "LABELS", "SLOTS", "SEAT", "STATE")
    for worker in workers {
      let slots = worker.slots.sorted { $0.key < $1.key }.map { "\($0.key)=\(String($0.value))" }
      table.add(
        "\(worker.worker)", "\(worker.host)", "\(String(worker.process))",
        "\(DurationText.ago(worker.started.time, now: now))", list(worker.labels.map(\.rawValue)), list(slots),
        "\(worker.seat ?? "-")", state(of: worker, now: now))
    }
    try await console.print(table.text(colours: console.colouredOutput))
    let pools = try await client.pools()
    if !pools.isEmpty { try await console.print("\n" + text(of: pools, now: now, colours: console.colouredOutput)) }
  }

  private func text(of pools: [PoolView], now: Timestamp, colours: Bool) -> String {
    var table = Table("POOL", "HOST", "PID", "STARTED", "LABELS", "CAPACITY", "RUNNING")
    for pool in pools {
      table.add(
        "\(pool.pool)", "\(pool.host)", "\(String(pool.process))", "\(DurationText.ago(pool.started.time, now: now))",
        list(pool.labels.map(\.rawValue)), "\(String(pool.capacity))", "\(String(pool.running))")
    }
    return table.text(colours: colours)
  }

  private func list(_ texts: [String]) -> Table.Cell { texts.isEmpty ? "-" : .init(texts.joined(separator: ",")) }

  private func state(of worker: WorkerView, now: Timestamp) -> Table.Cell {
    let busy = worker.busy.map { slot in
      "\(slot.kind.rawValue) \(slot.job)/\(slot.build) for \(DurationText.text(now.since(slot.since.time)))"
    }
    let parts = (worker.draining ? ["draining"] : []) + busy
    return parts.isEmpty ? .init("idle", .quiet) : .init(parts.joined(separator: ", "), .busy)
  }
}
