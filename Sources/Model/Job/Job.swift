/// A job as its users define it: what to do, when to start by itself, and what to start afterwards. A value of this type
/// is valid as a whole: names are unique, `needs` name tasks that exist and make no cycle.
package struct Job: Hashable, Sendable {
  package var name: JobName
  package var description: String
  package var parameters: [Parameter]
  package var triggers: [Trigger]
  /// Higher goes first.
  package var priority: Int
  package var concurrency: Concurrency?
  /// How long a build may take in all, in seconds.
  package var timeout: Int?
  /// In the order of the file. The list is never empty.
  package var tasks: [TaskDefinition]
  package var then: [Continuation]

  package init(
    name: JobName, description: String = "", parameters: [Parameter] = [], triggers: [Trigger] = [],
    priority: Int = 0, concurrency: Concurrency? = nil, timeout: Int? = nil,
    tasks: [TaskDefinition], then: [Continuation] = []
  ) {
    self.name = name
    self.description = description
    self.parameters = parameters
    self.triggers = triggers
    self.priority = priority
    self.concurrency = concurrency
    self.timeout = timeout
    self.tasks = tasks
    self.then = then
  }
}
