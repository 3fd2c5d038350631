import Coordination
import Model
import ObjectStorage

/// Names of nodes and objects without what differs from time to time: `/queues/execute-shell/*/*/*`.
enum SitePattern {
  static func of(_ path: NodePath) -> String {
    let names = path.string.split(separator: "/")
    let parts = names.enumerated().map { index, name in
      index == 0 || (index == 1 && TaskKind(rawValue: String(name)) != nil) ? String(name) : "*"
    }
    return "/" + parts.joined(separator: "/")
  }

  /// How many changes of one sort there are depends on how many happen to come together.
  static func of(_ changes: [Change]) -> String {
    var seen: Set<String> = []
    return changes.map { "\(verb($0)) \(of($0.path))" }.filter { seen.insert($0).inserted }.joined(separator: " + ")
  }

  /// Attempts have their objects from the fifth component on; those have names, unless they are numbers.
  static func of(_ key: ObjectKey) -> String {
    let names = key.string.split(separator: "/").map(String.init)
    let parts = names.enumerated().map { index, name in
      index == 0 || (index == 1 && names[0] == "indexes") || (index > 4 && Int(name) == nil) ? name : "*"
    }
    return parts.joined(separator: "/")
  }

  private static func verb(_ change: Change) -> String {
    switch change {
    case .create: "create"
    case .write: "write"
    case .delete: "delete"
    case .check: "check"
    }
  }
}
