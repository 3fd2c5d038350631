import ArgumentParser
import Model

struct WorkerList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the workers and what they are busy with.",
    discussion: """
      EXAMPLES
        distci worker list
        distci worker list --json | jq '[.[].busy | length] | add'
      """)

  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let workers = try await server.client().workers()
    guard !output.json else { return try await console.print(json: workers) }
    let now = Timestamp.now
    var table = Table("WORKER", "HOST", "PID", "STARTED", "LABELS", "SLOTS", "STATE")
    for worker in workers {
      let slots = worker.slots.sorted { $0.key < $1.key }.map { "\($0.key)=\(String($0.value))" }
      table.add(
        "\(worker.worker)", "\(worker.host)", "\(String(worker.process))",
        "\(DurationText.ago(worker.started.time, now: now))", list(worker.labels.map(\.rawValue)), list(slots),
        state(of: worker, now: now))
    }
    try await console.print(table.text(colours: console.colouredOutput))
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
