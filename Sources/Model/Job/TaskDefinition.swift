/// One task of a job, as written. Text fields may hold `${…}` references; a plan has them resolved.
package struct TaskDefinition: Hashable, Sendable, Codable {
  package var name: TaskName
  /// The tasks that must have ended well before this one starts. Explicit here, also where the file left it out.
  package var needs: [TaskName]
  /// A worker takes the task if it offers all of them. Sorted, without repeats.
  package var labels: [Label]
  /// How long one attempt may take in all, in seconds.
  package var timeout: Int?
  /// How long one attempt may go without writing output, in seconds.
  package var idleTimeout: Int?
  package var work: Work

  package init(
    name: TaskName, needs: [TaskName], labels: [Label] = [], timeout: Int? = nil, idleTimeout: Int? = nil, work: Work
  ) {
    self.name = name
    self.needs = needs
    self.labels = labels
    self.timeout = timeout
    self.idleTimeout = idleTimeout
    self.work = work
  }
}
