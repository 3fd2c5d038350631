import Foundation

extension Backend {
  static let sqlite = Backend(testDescription: "SQLite") {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("distci-\(UUID().uuidString)")
    return "sqlite://\(folder.path)"
  } remove: { url in
    try FileManager.default.removeItem(atPath: String(url.dropFirst("sqlite://".count)))
  }
}
