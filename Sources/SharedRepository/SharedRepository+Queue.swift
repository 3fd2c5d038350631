package import Coordination
package import Model

extension SharedRepository {
  /// The tickets that wait, in the order in which they will be taken within each queue.
  ///
  /// - Parameter limit: of each queue.
  package func queuedTickets(limit: Int) async throws -> [QueuedTicketView] {
    var tickets: [QueuedTicketView] = []
    for kind in TaskKind.allCases {
      for labels in try await session.children(of: NodeMap.queues(kind)) ?? [] {
        tickets += try await queuedTickets(in: NodeMap.queues(kind) / labels, limit: limit)
      }
    }
    return tickets
  }

  private func queuedTickets(in queue: NodePath, limit: Int) async throws -> [QueuedTicketView] {
    var tickets: [QueuedTicketView] = []
    for span in try await session.children(of: queue) ?? [] {
      for part in try await session.children(of: queue / span) ?? [] {
        for name in try await session.children(of: queue / span / part) ?? [] {
          if tickets.count == limit { return tickets }
          guard let node = try await session.read(queue / span / part / name) else { continue }
          tickets.append(QueuedTicketView(try JSONBytes.decode(Ticket.self, from: node.data)))
        }
      }
    }
    return tickets
  }

  /// Where the ticket of an attempt is: its entry in the queue, or the slot that has it; `nil` before it is posted and after
  /// the attempt has ended.
  package func place(of ticket: String, of build: BuildID) async throws -> TicketPlace? {
    try await session.read(NodeMap.place(of: build, ticket: ticket)).map(TicketPlace.decode)
  }

  /// The workers that are alive, and what they are busy with.
  package func workers() async throws -> [WorkerView] {
    try await Membership.workers(session).asyncMap { worker, record in try await view(of: worker, record) }
  }

  func view(of worker: WorkerID, _ record: WorkerRecord) async throws -> WorkerView {
    WorkerView(
      worker: worker.rawValue, host: record.host, process: record.process, started: InstantText(record.started),
      labels: record.labels, draining: record.draining, slots: record.slots, busy: try await busySlots(of: worker),
      seat: record.seat)
  }

  private func busySlots(of worker: WorkerID) async throws -> [BusySlotView] {
    var busy: [BusySlotView] = []
    for name in try await session.children(of: NodeMap.slots(of: worker)) ?? [] {
      guard let number = Int(name), let node = try await session.read(NodeMap.slots(of: worker) / name),
        let record = try SlotRecord.decode(node)
      else { continue }
      busy.append(
        BusySlotView(
          slot: number, kind: record.ticket.queue.kind, job: record.ticket.build.job, build: record.ticket.build.number,
          since: InstantText(record.claimed)))
    }
    return busy.sorted { $0.slot < $1.slot }
  }
}
