/// Where a task deploys to, and on what terms.
package struct Deployment: Hashable, Sendable, Codable {
  /// The environment's name. May hold `${…}` references; in a plan it is a valid ``DeployTarget``.
  package var environment: String
  /// Whether somebody has to approve it first.
  package var approval: Bool

  package init(environment: String, approval: Bool = false) {
    self.environment = environment
    self.approval = approval
  }

  /// The environment; `nil` only while references are not resolved.
  package var target: DeployTarget? { try? DeployTarget(environment) }
}

extension Deployment {
  /// The same with all references resolved.
  ///
  /// - Throws: ``ValidationError`` when the name is none then.
  package func resolved(with values: [String: String]) throws(ValidationError) -> Deployment {
    var resolved = self
    do throws(ValidationError) {
      resolved.environment = try DeclaredField.deploy.check(try Template(environment).resolved(with: values))
    } catch {
      throw ValidationError("deploy: environment: \(error.message)", remedy: error.remedy)
    }
    return resolved
  }
}
