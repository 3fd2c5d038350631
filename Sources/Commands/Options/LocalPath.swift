import Foundation

/// Paths of this host as users type them.
enum LocalPath {
  /// Whether there is a folder, or a link to one.
  static func isFolder(_ path: String) -> Bool {
    // Only a folder has something called "." in it.
    FileManager.default.fileExists(atPath: join(path, "."))
  }

  static func join(_ folder: String, _ name: String) -> String {
    folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
  }
}
