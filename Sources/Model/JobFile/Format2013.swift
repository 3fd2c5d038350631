/// The format of the ancestor's job files.
enum Format2013 {
  /// What a checkout took when its task named no ref.
  static let ref = "refs/heads/master"

  /// Tells the two formats apart by keys that only the old one has.
  static func isUsed(by root: JSONNode) -> Bool {
    if root["job_id"] != nil || root["configuration-version"] != nil { return true }
    guard case .array(let tasks)? = root["tasks"]?.content else { return false }
    return tasks.contains { $0["params"] != nil }
  }

  /// Translates a pattern that copying matched with Python's `fnmatch`, where `*` crossed directories.
  static func glob(fnmatch pattern: String) -> String {
    var glob = String.UnicodeScalarView()
    var scalars = pattern.unicodeScalars[...]
    while let scalar = scalars.popFirst() {
      switch scalar {
      case "*":
        while scalars.first == "*" { scalars.removeFirst() }
        // A whole component may not be empty, so `**/` would say too much.
        let isComponent = (glob.isEmpty || glob.last == "/") && scalars.first == "/"
        glob.append(contentsOf: (isComponent ? "?**" : "**").unicodeScalars)
      case "\\": glob.append(contentsOf: "\\\\".unicodeScalars)
      default: glob.append(scalar)
      }
    }
    return String(glob)
  }

  /// Translates a shell glob, in which the backslash was nothing special.
  static func glob(shell pattern: String) -> String {
    String(
      pattern.unicodeScalars.reduce(into: String.UnicodeScalarView()) { glob, scalar in
        if scalar == "\\" { glob.append("\\") }
        glob.append(scalar)
      })
  }

  /// A webhook started a build when the pushed ref was exactly that of one of the job's checkouts.
  static func triggers(for tasks: [TaskDefinition]) -> [Trigger] {
    var triggers: [PushTrigger] = []
    for case .gitCheckout(let checkout) in tasks.map(\.work) {
      guard let repository = try? Template(checkout.repository).resolved(with: [:]),
        let ref = try? Template(checkout.ref).resolved(with: [:])
      else { continue }
      let trigger = trigger(repository, ref)
      guard !trigger.branches.isEmpty || !trigger.tags.isEmpty else { continue }
      if let index = triggers.firstIndex(where: { $0.repository == trigger.repository }) {
        triggers[index].branches += trigger.branches.filter { !triggers[index].branches.contains($0) }
        triggers[index].tags += trigger.tags.filter { !triggers[index].tags.contains($0) }
      } else {
        triggers.append(trigger)
      }
    }
    return triggers.map(Trigger.push)
  }

  private static func trigger(_ repository: String, _ ref: String) -> PushTrigger {
    func name(after prefix: String) -> String? {
      ref.utf8.starts(with: prefix.utf8) ? String(Substring(ref.utf8.dropFirst(prefix.utf8.count))) : nil
    }
    if let tag = name(after: "refs/tags/") { return PushTrigger(repository: repository, tags: [Glob.escaping(tag)]) }
    let branch = name(after: "refs/heads/") ?? (ref.utf8.starts(with: "refs/".utf8) ? nil : ref)
    return PushTrigger(repository: repository, branches: branch.map { [Glob.escaping($0)] } ?? [])
  }
}
