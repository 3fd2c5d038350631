/// A job to start after a build has ended.
package struct Continuation: Hashable, Sendable {
  package enum Condition: String, Hashable, Sendable, Codable, CaseIterable {
    case success, failure, always
  }

  package var job: JobName
  package var on: Condition
  /// Values may hold `${…}` references, resolved when the build ends.
  package var parameters: [ParameterName: String]
  /// Starts it only when the latest builds of all of these, for the same commit, are green, and then once. The job itself is
  /// always one of them. Empty: nobody else is waited for.
  package var all: [JobName]

  package init(
    job: JobName, on: Condition = .success, parameters: [ParameterName: String] = [:], all: [JobName] = []
  ) {
    self.all = all
    self.job = job
    self.on = on
    self.parameters = parameters
  }
}
