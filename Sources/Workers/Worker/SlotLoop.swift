import Coordination
import LocalThreads
import Logging
import Model

/// The life of one slot: it waits for a ticket, works on it, and waits again, until its worker drains or the session ends.
///
/// All that happens to a slot, happens to its node: one watch on it brings tickets, cancellations, and the loss of a claim.
struct SlotLoop: Sendable {
  let slot: Slot
  let worker: any SlotWorker
  let session: any CoordinationSession
  let drain: Drain
  /// Whether the worker ends after one ticket.
  let takesOne: Bool
  let logger: Logger

  private enum Event: Sendable {
    case node(Node?)
    case finished(Result<SlotState, any Error>)
    case drain(Drain.Stage)
    case watchFailed(any Error)
  }

  private struct Current {
    var token: String
    var stop: WorkStop
    var task: Task<Void, Never>
    /// Whether the ticket stood in a queue: then more may stand there.
    var wasQueued: Bool
  }

  /// Returns when the slot has been drained.
  ///
  /// - Throws: ``ClaimLost`` when somebody gave the slot away: the whole worker must begin anew.
  func run() async throws {
    let (events, feed) = AsyncStream.makeStream(of: Event.self)
    try await drain.withListener({ feed.yield(.drain($0)) }) { try await run(events, feed) }
  }

  private func run(_ events: AsyncStream<Event>, _ feed: AsyncStream<Event>.Continuation) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        do {
          for try await node in session.watch(slot.path) { feed.yield(.node(node)) }
        } catch {
          feed.yield(.watchFailed(error))
        }
      }
      defer { group.cancelAll() }
      try await handle(events, feed)
    }
  }

  private func handle(_ events: AsyncStream<Event>, _ feed: AsyncStream<Event>.Continuation) async throws {
    var current: Current?
    var latest = -1
    // The newest state that the watch brought. A ticket may be handed over before the slot's own finish has returned.
    var seen: SlotState?
    defer {
      current?.stop.stop(.lost)
      current?.task.cancel()
    }
    for await event in events {
      switch event {
      case .watchFailed(let error):
        throw error
      case .node(let node):
        guard let node else { throw ClaimLost(token: current?.token ?? slot.id.description) }
        // What the slot did itself is known.
        guard node.version > latest else { break }
        let state = SlotState(record: try slot.record(in: node), version: node.version)
        seen = state
        if let current { observe(state, current) }
        guard current == nil else { continue }
        latest = state.version
        current = try await take(state, feed, &latest)
      case .finished(let result):
        let wasQueued = current?.wasQueued ?? false
        current = nil
        let finished = try result.get()
        if takesOne { drain.advance(to: .finishing) }
        let state = seen.flatMap { $0.version > finished.version ? $0 : nil } ?? finished
        latest = state.version
        current = try await take(state, feed, &latest, isParked: true, wasQueued: wasQueued)
      case .drain(let stage):
        if stage == .handingBack { current?.stop.stop(.handBack) }
      }
      if current == nil, drain.stage > .working, try await leave(latest) { return }
    }
  }

  /// Goes on from a state of the slot in which nothing is being worked on.
  ///
  /// - Parameter isParked: whether the slot entered the idle list together with becoming free.
  private func take(
    _ state: SlotState, _ feed: AsyncStream<Event>.Continuation, _ latest: inout Int, isParked: Bool = false,
    wasQueued: Bool = false
  ) async throws -> Current? {
    if state.record != nil { return begin(state, feed, wasQueued: isParked || wasQueued) }
    if drain.stage > .working { return nil }
    if !isParked { try await slot.park(state.version) }
    guard let claimed = try await slot.claimFromQueue(state.version) else { return nil }
    latest = claimed.version
    return begin(claimed, feed, wasQueued: true)
  }

  private func begin(_ state: SlotState, _ feed: AsyncStream<Event>.Continuation, wasQueued: Bool) -> Current? {
    guard let record = state.record else { return nil }
    let stop = WorkStop()
    if let by = record.cancelledBy { stop.stop(.cancelled(by: by)) }
    let next: @Sendable () -> AfterFinish = { [drain, takesOne] in
      takesOne || drain.stage > .working ? .stop : wasQueued ? .takeNext : .park
    }
    // The loop goes on watching the slot meanwhile, and ends this task when it ends itself. The work begins at once, on this
    // thread: what comes for the slot before it waits for something is heard then.
    let task = StoreThreads.immediate {
      do {
        feed.yield(.finished(.success(try await worker.work(state, in: slot, then: next, stop: stop))))
      } catch {
        feed.yield(.finished(.failure(error)))
      }
    }
    return Current(token: record.token, stop: stop, task: task, wasQueued: wasQueued)
  }

  /// Tells the work in progress what has become of its claim.
  private func observe(_ state: SlotState, _ current: Current) {
    guard let record = state.record, record.token == current.token else { return }
    if let by = record.cancelledBy { current.stop.stop(.cancelled(by: by)) }
  }

  /// Leaves the idle list.
  ///
  /// - Returns: whether the slot is free. If not, a ticket was handed over at the last moment, and the watch brings it.
  private func leave(_ version: Int) async throws -> Bool {
    do {
      try await slot.unpark(version)
    } catch let error as CoordinationError where error.isOvertaken {
      logger.debug("A slot that drains was not parked", metadata: ["slot": "\(slot.id)"])
    }
    guard let node = try await session.read(slot.path) else { throw ClaimLost(token: slot.id.description) }
    return node.data.isEmpty
  }
}
