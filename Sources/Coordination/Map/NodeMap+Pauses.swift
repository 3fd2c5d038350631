package import Model

extension NodeMap {
  package static let pauses = NodePath.root / "pauses"
  package static let jobPauses = pauses / "jobs"
  package static let labelPauses = pauses / "labels"

  package static func pause(of subject: PauseSubject) -> NodePath {
    switch subject {
    case .job(let job): jobPauses / job.rawValue
    case .label(let label): labelPauses / label.rawValue
    case .environment(let environment): environmentPauses / environment.rawValue
    }
  }
}
