/// A kind of ticket, and of the worker that takes it.
package enum TaskKind: String, Hashable, Sendable, Codable, CaseIterable, Comparable {
  case buildControl = "build-control"
  case gitCheckout = "git-checkout"
  case executeShell = "execute-shell"
  case publishArtifacts = "publish-artifacts"
  case copyArtifacts = "copy-artifacts"
  case gitPromote = "git-promote"

  package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

extension Work {
  /// The kind of worker that can do this work.
  package var kind: TaskKind {
    switch self {
    case .gitCheckout: .gitCheckout
    case .executeShell: .executeShell
    case .publishArtifacts: .publishArtifacts
    case .copyArtifacts: .copyArtifacts
    case .gitPromote: .gitPromote
    }
  }
}
