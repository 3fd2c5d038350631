import Model
package import ObjectStorage

extension ObjectMap {
  package static let environments = ObjectKey("indexes/environments")

  static let environmentPrefix = "environment="

  static func environmentEntry(_ environment: DeployTarget) -> String { environmentPrefix + environment.rawValue }

  static func deployPrefix(_ environment: DeployTarget) -> String { "deploy=\(environment)=" }

  /// Of what was to be deployed, and was not: apart from the others, so that what is live is always found at once.
  static func failurePrefix(_ environment: DeployTarget) -> String { "failure=\(environment)=" }

  static func failureEntry(_ environment: DeployTarget, _ position: Int) -> String {
    failurePrefix(environment) + buildEntry(position)
  }

  static func deployEntry(_ environment: DeployTarget, _ position: Int) -> String {
    deployPrefix(environment) + buildEntry(position)
  }
}
