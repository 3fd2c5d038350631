import Foundation

/// The folder of a store that is files.
package enum StoreFolder {
  private static let mostTries = 100

  /// Removes it with all that is in it. Whoever had the store open and has just died or been let go of may still be tidied up
  /// after, in the same folder: then what is left of it is removed again.
  package static func remove(_ path: String) throws {
    for _ in 1..<mostTries {
      do {
        return try FileManager.default.removeItem(atPath: path)
      } catch {
        if !FileManager.default.fileExists(atPath: path) { return }
      }
    }
    try FileManager.default.removeItem(atPath: path)
  }
}
