import Model
package import ObjectStorage

extension ObjectMap {
  package static let environments = ObjectKey("indexes/environments")

  static let environmentPrefix = "environment="

  static func environmentEntry(_ environment: DeployTarget) -> String { environmentPrefix + environment.rawValue }

  static func deployPrefix(_ environment: DeployTarget) -> String { "deploy=\(environment)=" }

  static func deployEntry(_ environment: DeployTarget, _ position: Int) -> String {
    deployPrefix(environment) + buildEntry(position)
  }
}
