package import Model

extension NodeMap {
  package static let environments = NodePath.root / "environments"
  package static let environmentPauses = pauses / "environments"

  package static func environmentBucket(_ environment: DeployTarget) -> NodePath {
    environments / HashBucket.name(of: environment.rawValue)
  }
  package static func environment(_ environment: DeployTarget) -> NodePath {
    environmentBucket(environment) / environment.rawValue
  }
}
