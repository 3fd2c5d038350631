/// Paths inside a workspace.
package enum RelativePath {
  /// Checks that a path cannot name anything outside the workspace, as far as its text tells: symbolic links are for
  /// whoever opens it to mind.
  ///
  /// - Returns: the path without `.` and empty components; empty for the workspace itself.
  package static func normalized(_ path: String) throws(ValidationError) -> String {
    try check(path, "the path")
    // By bytes, as the kernel does: a slash with a combining mark after it is one Character, and still a slash.
    let components = path.utf8.split(separator: UInt8(ascii: "/")).filter { !$0.elementsEqual(".".utf8) }
    return components.map { String(Substring($0)) }.joined(separator: "/")
  }

  /// The same for the path of a file, which the workspace itself is not.
  package static func file(_ path: String) throws(ValidationError) -> String {
    let normalized = try normalized(path)
    guard !normalized.isEmpty, path.utf8.last != UInt8(ascii: "/") else {
      throw ValidationError("the path \(path.quoted) names no file", remedy: "name a file inside the task's workspace")
    }
    return normalized
  }

  /// Checks a glob over paths inside a workspace.
  package static func glob(_ pattern: String) throws(ValidationError) -> Glob {
    let glob = try Glob(pattern)
    try check(pattern, "the glob")
    guard pattern.utf8.last != UInt8(ascii: "/") else {
      throw ValidationError(
        "the glob \(pattern.quoted) ends in '/'", remedy: "add ** to mean everything in that directory")
    }
    guard !pattern.utf8.starts(with: "./".utf8) else {
      throw ValidationError("the glob \(pattern.quoted) starts with './'", remedy: "leave out the './'")
    }
    return glob
  }

  private static func check(_ path: String, _ what: String) throws(ValidationError) {
    try ControlCharacters.refuse(in: path, of: what)
    guard path.utf8.first != UInt8(ascii: "/") else {
      throw ValidationError(
        "\(what) \(path.quoted) is absolute", remedy: "write it relative to the task's workspace")
    }
    let components = path.utf8.split(separator: UInt8(ascii: "/"))
    guard !components.contains(where: { $0.elementsEqual("..".utf8) }) else {
      throw ValidationError("\(what) \(path.quoted) has a '..'", remedy: "name something inside the task's workspace")
    }
    guard path.utf8.count <= 1024, components.allSatisfy({ $0.count <= 255 }) else {
      throw ValidationError(
        "\(what) \(path.quoted) is too long", remedy: "1,024 bytes in all and 255 for each component is the most")
    }
  }
}
