import Foundation
import TestStores

extension Backend {
  static let sqlite = Backend(testDescription: "SQLite") {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("distci-\(UUID().uuidString)")
    return "sqlite://\(folder.path)"
  } remove: { url in
    try StoreFolder.remove(String(url.dropFirst("sqlite://".count)))
  }
}
