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
    for bucket in try await session.children(of: queue) ?? [] {
      for name in try await session.children(of: queue / bucket) ?? [] {
        if tickets.count == limit { return tickets }
        guard let node = try await session.read(queue / bucket / name) else { continue }
        tickets.append(QueuedTicketView(try JSONBytes.decode(Ticket.self, from: node.data)))
      }
    }
    return tickets
  }

  /// The entry of a ticket in its queue; `nil` when it does not wait there.
  package func queueEntry(of ticket: Ticket) async throws -> NodePath? {
    let name = TicketOrder.name(of: ticket)
    let queue = NodeMap.queue(ticket.queue)
    for bucket in try await session.children(of: queue) ?? [] {
      if try await session.read(queue / bucket / name) != nil { return queue / bucket / name }
    }
    return nil
  }

  /// The workers that are alive, and what they are busy with.
  package func workers() async throws -> [WorkerView] {
    try await Membership.workers(session).asyncMap { worker, record in try await view(of: worker, record) }
  }

  func view(of worker: WorkerID, _ record: WorkerRecord) async throws -> WorkerView {
    WorkerView(
      worker: worker.rawValue, host: record.host, process: record.process, started: InstantText(record.started),
      labels: record.labels, draining: record.draining, slots: record.slots, busy: try await busySlots(of: worker))
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
