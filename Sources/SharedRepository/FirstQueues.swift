import Model
import Synchronization

/// The queues that the first tickets of jobs' builds went to lately: a guess at where those of the next go, so that a trigger
/// can look for parked slots before it has read the job.
final class FirstQueues: Sendable {
  private let queues = Mutex<[JobName: Set<QueueClass>]>([:])

  /// When there are more, all are forgotten: nothing is lost but the time of one read.
  private static let most = 1_000

  func guess(for job: JobName) -> Set<QueueClass> {
    queues.withLock { $0[job] } ?? [.buildControl]
  }

  func note(_ tickets: [Ticket], of job: JobName) {
    let found = Set(tickets.map(\.queue))
    queues.withLock { queues in
      guard queues[job] != found else { return }
      if queues.count >= Self.most { queues.removeAll(keepingCapacity: true) }
      queues[job] = found
    }
  }
}
