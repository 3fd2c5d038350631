/// Tells which of some files a test stands in, by what reports say: a path, or a name made from one in some way, such as
/// `tests.test_names.TestNames` or `t_names_t`.
package struct FileAttribution: Sendable {
  private let directory: String
  private var paths: Set<String> = []
  /// By their path with `_` for all but letters and digits, also without its extension; `nil` when several are alike.
  private var plain: [String: String?] = [:]

  /// - Parameters:
  ///   - files: relative to the workspace.
  ///   - directory: where the tests ran, relative to the workspace; empty for the workspace itself.
  package init(_ files: [String], directory: String = "") {
    self.directory = directory.isEmpty ? "" : directory + "/"
    for file in files {
      paths.insert(file)
      var names: Set<String> = []
      for path in [file, file.hasPrefix(self.directory) ? String(file.dropFirst(self.directory.count)) : file] {
        names.formUnion([Self.plain(path), Self.plain(Self.withoutExtension(path))])
      }
      for name in names where !name.isEmpty { plain.updateValue(plain[name] == nil ? file : nil, forKey: name) }
    }
  }

  /// - Parameter hints: what may name the file, the best first.
  package func file(of hints: [String]) -> String? {
    for hint in hints where !hint.isEmpty {
      if paths.contains(hint) { return hint }
      if paths.contains(directory + hint) { return directory + hint }
    }
    for hint in hints {
      // The last components may name a class and a test in the file.
      var components = hint.split { "./:\\".contains($0) }
      while !components.isEmpty {
        if let known = plain[Self.plain(components.joined(separator: "/"))], let file = known { return file }
        components.removeLast()
      }
    }
    return nil
  }

  private static func plain(_ text: String) -> String {
    text.split { !$0.isLetter && !$0.isNumber }.joined(separator: "_")
  }

  private static func withoutExtension(_ path: String) -> String {
    guard let dot = path.lastIndex(of: "."), !path[dot...].contains("/") else { return path }
    return String(path[..<dot])
  }
}
