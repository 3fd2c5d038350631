import Coordination
import Foundation
import Model

/// Tickets that look like those of real builds, for slots in the hands of a bench.
struct BenchTickets: Sendable {
  let queue: QueueClass
  private let job: JobName
  /// Tickets of one build.
  private static let perBuild = 1_000

  /// - Parameter name: of the job, and the label that sets its queue apart.
  init(_ name: String) throws {
    job = try JobName(name)
    queue = QueueClass(kind: .executeShell, labels: [try Label(name)])
  }

  /// Creates the nodes of the builds that so many tickets belong to.
  func createBuilds(for count: Int, _ session: any CoordinationSession) async throws {
    for number in 0...(count / Self.perBuild) {
      try await session.createAll(NodeMap.build(BuildID(job: job, number: number + 1)))
    }
  }

  subscript(_ index: Int) -> Ticket {
    let build = BuildID(job: job, number: index / Self.perBuild + 1)
    let time = Timestamp(milliseconds: 1_700_000_000_000 + Int64(index))
    let request = BuildRequest(
      build: build, requestID: "00000000-0000-0000-0000-000000000000", jobRevision: String(repeating: "0", count: 64),
      parameters: [:], cause: .request, requested: time, depth: 0, priority: 0)
    let attempt = TaskAttempt(request: request, task: 0, number: index % Self.perBuild + 1, workspace: [])
    return Ticket(
      queue: queue, build: build, work: .attempt(attempt), requested: time, posted: time, priority: 0)
  }

  /// Free slots of a worker of the bench, in a session.
  func slots(_ count: Int, _ session: any CoordinationSession) async throws -> [Slot] {
    let membership = Membership(session: session, host: "bench")
    let record = WorkerRecord(
      host: "bench", process: 0, started: .now, labels: queue.labels, slots: [.executeShell: count])
    try await membership.join(record, slots: count)
    return (0..<count).map {
      Slot(
        id: SlotID(worker: membership.worker, number: $0), kind: .executeShell, labels: Set(queue.labels),
        session: session, now: { .now })
    }
  }
}
