import Coordination
import Model

/// What must hold of environments after every transaction.
extension Checker {
  /// One task at most holds an environment, by its own word and by that of the environment; only that one is posted, and who
  /// has a place there runs.
  func checkEnvironment(_ path: String, _ who: String) throws {
    guard let entry = ensemble.tree.entries[path] else { return }
    let record = try JSONBytes.decode(EnvironmentRecord.self, from: entry.data)
    let waiting = entry.children.compactMap(EnvironmentEntry.init)
    if record.holder == nil, waiting.contains(where: { $0.position != nil }) {
      report("\(entry.children) wait for \(path), which nobody holds, by \(who)")
    }
    let builds = Set(waiting.map(\.build) + [record.holder?.build].compactMap(\.self))
    for build in builds where running[build] == nil {
      report("\(build) has a place at \(path), and is gone, by \(who)")
    }
    if let holder = record.holder, waiting.contains(where: { $0.build == holder.build && $0.task == holder.task }) {
      report("\(holder.build) holds \(path) and waits for it, by \(who)")
    }
  }

  /// What the tasks of a build say of their places.
  func checkPlacesAtEnvironments(of build: BuildID, _ who: String) throws {
    guard let tasks = running[build]?.state.tasks else { return }
    for (index, task) in tasks.enumerated() {
      guard let place = task.place else { continue }
      deploying.insert(build)
      if place.status != .holds, task.phase != .ready {
        report("task \(index) of \(build) was posted, and does not hold \(place.environment), by \(who)")
      }
      guard let entry = ensemble.tree.entries[NodeMap.environment(place.environment).string] else {
        report("\(place.environment), at which \(build) has a place, is gone, by \(who)")
        continue
      }
      let holder = try JSONBytes.decode(EnvironmentRecord.self, from: entry.data).holder
      let holds = holder?.build == build && holder?.task == index
      let waits = entry.children.compactMap(EnvironmentEntry.init).contains { $0.build == build && $0.task == index }
      if place.status == .holds ? !holds : !(holds || waits) {
        report("task \(index) of \(build) has no place at \(place.environment), and thinks so, by \(who)")
      }
    }
  }
}

extension NodePath {
  /// The node of the environment that this one is, or is below; `nil` elsewhere.
  var environmentPath: String? {
    let parts = string.split(separator: "/")
    return parts.count >= 3 && parts[0] == "environments" ? "/" + parts.prefix(3).joined(separator: "/") : nil
  }
}
