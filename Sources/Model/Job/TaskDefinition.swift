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
  package var when: Condition
  /// When it is attempted again after a failure.
  package var retry: Retry?
  /// Whether its failure leaves the build green, and what needs it goes on.
  package var allowFailure: Bool
  /// Stands for one task for each combination. A plan has none left.
  package var matrix: Matrix?
  /// Whether it changes the world outside: a newer build that takes the place of this one does not stop it.
  package var deploy: Bool
  /// Where it deploys to, if it says so; then ``deploy`` is true.
  package var deployment: Deployment?
  package var work: Work

  package init(
    name: TaskName, needs: [TaskName], labels: [Label] = [], timeout: Int? = nil, idleTimeout: Int? = nil,
    when: Condition = .ordinary, retry: Retry? = nil, allowFailure: Bool = false, matrix: Matrix? = nil,
    deploy: Bool = false, deployment: Deployment? = nil, work: Work
  ) {
    self.name = name
    self.needs = needs
    self.labels = labels
    self.timeout = timeout
    self.idleTimeout = idleTimeout
    self.when = when
    self.retry = retry
    self.allowFailure = allowFailure
    self.matrix = matrix
    self.deploy = deploy || deployment != nil
    self.deployment = deployment
    self.work = work
  }
}
