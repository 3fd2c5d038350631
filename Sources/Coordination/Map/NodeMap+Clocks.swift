package import Model

/// What starts builds as time goes by.
extension NodeMap {
  package static let schedules = NodePath.root / "schedules"
  package static let polls = NodePath.root / "polls"

  /// The role of who looks at repositories.
  package static let pollingRole = "polls"

  package static func schedules(of job: JobName) -> NodePath {
    schedules / HashBucket.name(of: job.rawValue) / job.rawValue
  }

  package static func polls(of job: JobName) -> NodePath { polls / HashBucket.name(of: job.rawValue) / job.rawValue }
}
