import Model
import Synchronization

/// The plans of builds that are under way, with the lists that have joined them: what a build is made from never changes, so
/// what is here is never out of date. Bounded by the tasks of all plans.
package final class PlanCache: Sendable {
  struct Key: Hashable {
    var build: BuildID
    var requestID: String
    /// The tasks whose lists have joined the plan, in that order: another process may try another order, and lose.
    var lists: [Int]
  }

  private struct Content {
    var plans: [Key: Plan] = [:]
    var tasks = 0
  }

  private let content = Mutex(Content())
  private let mostTasks: Int

  package init(mostTasks: Int = 40_000) {
    self.mostTasks = mostTasks
  }

  func plan(_ key: Key) -> Plan? { content.withLock { $0.plans[key] } }

  func keep(_ plan: Plan, as key: Key) {
    content.withLock { content in
      if content.tasks + plan.tasks.count > mostTasks { content = Content() }
      guard content.plans.updateValue(plan, forKey: key) == nil else { return }
      content.tasks += plan.tasks.count
    }
  }
}
