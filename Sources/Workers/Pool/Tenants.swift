import Coordination
import Model
import Synchronization

/// All that a pool runs at the moment. They outlive the pool's session: then they drain, without a seat.
final class Tenants: Sendable {
  private struct Entry {
    var tenant: Tenant
    var task: Task<Void, Never>
  }

  private let entries = Mutex<[Entry]>([])

  /// All, those that drain included.
  var count: Int { entries.withLock { $0.count } }

  /// Those that do not drain.
  func active(_ queue: QueueClass) -> [Tenant] {
    all.filter { $0.seat.queue == queue && !$0.isDraining }
  }

  /// The classes of those that do not drain.
  var activeClasses: Set<QueueClass> { Set(all.filter { !$0.isDraining }.map(\.seat.queue)) }

  private var all: [Tenant] { entries.withLock { $0.map(\.tenant) } }

  /// Runs a tenant until it has drained.
  ///
  /// - Parameters:
  ///   - buried: called with each worker that has ended.
  ///   - ended: called when the tenant has, and is no longer among them.
  func add(
    _ tenant: Tenant, buried: @escaping @Sendable (WorkerID) async -> Void,
    ended: @escaping @Sendable () async -> Void
  ) {
    entries.withLock { entries in
      // Unstructured, because it outlives the session that it began in. It ends when its process does.
      let task = Task {
        await tenant.run(buried: buried)
        self.entries.withLock { $0.removeAll { $0.tenant === tenant } }
        await ended()
      }
      entries.append(Entry(tenant: tenant, task: task))
    }
  }

  func drainAll() {
    for tenant in all { tenant.drain() }
  }

  /// Returns when there are none.
  func ended() async {
    for entry in entries.withLock({ $0 }) { await entry.task.value }
  }
}
