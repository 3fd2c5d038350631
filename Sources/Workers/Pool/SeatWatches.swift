import Coordination
import Model
import Synchronization

/// Watches the seats of those classes of which a pool waits for one, and of no others: a change among a thousand seats
/// shall not wake every pool there is.
final class SeatWatches: Sendable {
  private let session: any CoordinationSession
  private let changed: @Sendable () -> Void
  private let tasks = Mutex<[QueueClass: Task<Void, Never>]>([:])

  init(session: any CoordinationSession, changed: @escaping @Sendable () -> Void) {
    self.session = session
    self.changed = changed
  }

  /// Watches these classes from now on.
  func watch(_ classes: Set<QueueClass>) {
    tasks.withLock { tasks in
      for (queue, task) in tasks where !classes.contains(queue) {
        task.cancel()
        tasks[queue] = nil
      }
      for queue in classes where tasks[queue] == nil {
        // Unstructured, because the set changes; `stop` ends them all.
        tasks[queue] = Task { [session, changed] in
          // A session that has ended is noticed by everybody else, too.
          do { for try await _ in session.watchChildren(of: NodeMap.seats(queue)) { changed() } } catch {}
        }
      }
    }
  }

  func stop() { watch([]) }
}
