import Coordination

/// How a transaction stands in a trace.
enum TraceText {
  static func of(_ changes: [Change]) -> String {
    "[" + changes.map(of).joined(separator: ", ") + "]"
  }

  private static func of(_ change: Change) -> String {
    switch change {
    case .create(let path, _, .session): "create~ \(path)"
    case .create(let path, _, .persistent): "create \(path)"
    case .write(let path, let data, let version): "write \(path)\(at(version)) \(data.isEmpty ? "-" : "\(data.count)B")"
    case .delete(let path, let version): "delete \(path)\(at(version))"
    case .check(let path, let version): "check \(path)\(at(version))"
    }
  }

  private static func at(_ version: Int?) -> String { version.map { "@\($0)" } ?? "" }
}
