import Coordination
package import Model
import ObjectStorage

/// What was deployed where.
extension SharedRepository {
  /// Notes what was deployed, before the transaction that ends the task. Done twice, it does the same as once: what was
  /// noted never changes.
  package func record(_ deploy: StoredDeploy, at environment: DeployTarget) async throws {
    let key =
      deploy.failure == nil
      ? ObjectMap.deployEntry(environment, deploy.position) : ObjectMap.failureEntry(environment, deploy.position)
    var changes = [IndexChange(key: key, value: try JSONBytes.encode(deploy), expecting: .absent)]
    // Somebody may have noted a failure in a step that did not come about.
    if deploy.failure == nil {
      changes.append(IndexChange(key: ObjectMap.failureEntry(environment, deploy.position), value: nil))
    }
    do {
      try await objects.update(ObjectMap.environments, changes)
    } catch let error as ObjectStoreError where error.code == .conditionFailed {
      return
    }
  }

  /// What was deployed to an environment with success, the newest first.
  ///
  /// - Parameter limit: 1 to 1,000.
  package func deploys(to environment: DeployTarget, limit: Int) async throws -> [StoredDeploy] {
    try await deploys(ObjectMap.deployPrefix(environment), limit)
  }

  /// What was deployed to an environment or was to be, the newest first.
  ///
  /// - Parameter limit: 1 to 1,000.
  func history(of environment: DeployTarget, limit: Int) async throws -> [StoredDeploy] {
    let good = try await deploys(to: environment, limit: limit)
    let positions = Set(good.map(\.position))
    let failures = try await deploys(ObjectMap.failurePrefix(environment), limit).filter {
      !positions.contains($0.position)
    }
    return Array((good + failures).sorted { $0.position > $1.position }.prefix(limit))
  }

  private func deploys(_ prefix: String, _ limit: Int) async throws -> [StoredDeploy] {
    try await objects.entries(in: ObjectMap.environments, after: prefix, limit: limit)
      .prefix { $0.key.hasPrefix(prefix) }
      .map { try JSONBytes.decode(StoredDeploy.self, from: $0.value) }
  }

  /// Lists an environment, before its node is made.
  ///
  /// - Returns: the position of the first task that comes, greater than any in history.
  package func register(_ environment: DeployTarget) async throws -> Int {
    try await objects.update(
      ObjectMap.environments, [IndexChange(key: ObjectMap.environmentEntry(environment), value: [0x2D])])
    return (try await history(of: environment, limit: 1).first?.position ?? 0) + 1
  }

  /// The environments that something was to be deployed to, in the order of their names; at most ``mostEnvironments``.
  func environmentNames() async throws -> [DeployTarget] {
    let prefix = ObjectMap.environmentPrefix
    return try await objects.entries(in: ObjectMap.environments, after: prefix, limit: Self.mostEnvironments)
      .prefix { $0.key.hasPrefix(prefix) }
      .compactMap { try? DeployTarget(String($0.key.dropFirst(prefix.count))) }
  }

  static var mostEnvironments: Int { 500 }
}
