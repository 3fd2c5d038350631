package import Model

/// What is known of the builds of one commit that a job waits for, of several jobs together.
package struct JoinRecord: Hashable, Sendable, Codable {
  package struct Arrival: Hashable, Sendable, Codable {
    /// The build's number.
    package var build: Int
    package var isGreen: Bool
  }

  /// The latest build of each job that has ended, by the job's name.
  package private(set) var arrivals: [String: Arrival] = [:]
  /// What was started when all of them were green: it is started once.
  package var started: BuildID?
  package var updated: Timestamp

  package init(updated: Timestamp) {
    self.updated = updated
  }

  /// Takes in how a build ended. One that ends after a later one of its job changes nothing.
  package mutating func arrive(_ build: BuildID, isGreen: Bool, at time: Timestamp) {
    guard arrivals[build.job.rawValue]?.build ?? 0 <= build.number else { return }
    arrivals[build.job.rawValue] = Arrival(build: build.number, isGreen: isGreen)
    updated = time
  }

  /// The jobs of which there is no green build yet.
  package func missing(of jobs: [JobName]) -> [JobName] {
    jobs.filter { arrivals[$0.rawValue]?.isGreen != true }
  }

  /// The latest builds of these jobs.
  package func builds(of jobs: [JobName]) -> [BuildID] {
    jobs.compactMap { job in arrivals[job.rawValue].map { BuildID(job: job, number: $0.build) } }
  }
}
