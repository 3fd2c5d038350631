/// A job to start after a build has ended.
package struct Continuation: Hashable, Sendable {
  package enum Condition: String, Hashable, Sendable, Codable, CaseIterable {
    case success, failure, always
  }

  package var job: JobName
  package var on: Condition
  /// Values may hold `${…}` references, resolved when the build ends.
  package var parameters: [ParameterName: String]

  package init(job: JobName, on: Condition = .success, parameters: [ParameterName: String] = [:]) {
    self.job = job
    self.on = on
    self.parameters = parameters
  }
}
