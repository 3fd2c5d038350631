import FileObjectStorage
import Foundation
import ObjectStorage

/// A folder of its own.
struct FilesPlace: Place {
  let address = NSTemporaryDirectory() + "objects-\(UUID().uuidString)"

  func open() async throws -> any ObjectStore {
    try await FileObjectStore(folder: address)
  }

  func remove() async throws {
    if FileManager.default.fileExists(atPath: address) { try FileManager.default.removeItem(atPath: address) }
  }
}
