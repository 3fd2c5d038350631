import Coordination
import Foundation
import Measurement
import Model
import ObjectStorage
import SharedRepository

/// Where a bench works: stores of its own, and a folder.
struct BenchStage: Sendable {
  let name: String
  let folder: String
  let coordinationURL: String
  let objectsURL: String
  let stores: Stores
  let stamps: StampPipe

  /// Makes a stage for the length of `body`, and leaves nothing of it behind.
  ///
  /// - Parameters: the stores in which it has a sub-tree; embedded ones without.
  static func with<Result: Sendable>(
    coordination: String?, objects: String?, _ body: (BenchStage) async throws -> Result
  ) async throws -> Result {
    let name = "bench-" + UUID().uuidString.lowercased().prefix(8)
    let folder = NSTemporaryDirectory() + "/distci-\(name)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    var options = StoreOptions()
    options.coordination = coordination.map { BenchPlace.coordination($0, name) } ?? "sqlite:\(folder)/coordination"
    options.objects = objects.map { BenchPlace.objects($0, name) } ?? "file:\(folder)/objects"
    options.data = folder
    let stores = try await Stores.open(options, environment: [:])
    let stage = BenchStage(
      name: name, folder: folder, coordinationURL: options.coordination ?? "", objectsURL: options.objects ?? "",
      stores: stores, stamps: try StampPipe("\(folder)/stamps"))
    return try await stage.use(in: coordination, body)
  }

  private func use<Result: Sendable>(
    in coordination: String?, _ body: (BenchStage) async throws -> Result
  ) async throws -> Result {
    let result: Swift.Result<Result, any Error>
    do {
      result = .success(try await body(self))
    } catch {
      result = .failure(error)
    }
    stamps.close()
    // Unstructured, because a bench that was cancelled must still be cleaned up after.
    try await Task { try await remove(in: coordination) }.value
    return try result.get()
  }

  private func remove(in coordination: String?) async throws {
    if let coordination { try await BenchPlace.remove(name, of: coordination, objects: stores.objects) }
    await stores.objects.close()
  }

  /// Programs of ours stand beside this one, which is also where tests find them.
  static func program(_ name: String) throws -> String {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let path = (own as NSString).deletingLastPathComponent + "/" + name
    guard FileManager.default.isExecutableFile(atPath: path) else {
      throw CommandFailure(.file, "there is no \(path)", remedy: "install it beside distci")
    }
    return path
  }

  /// A repository through a session, with its counters.
  func repository(_ session: any CoordinationSession, objects: (any ObjectStore)? = nil) -> SharedRepository {
    SharedRepository(session: session, objects: objects ?? stores.objects, now: { .now })
  }
}
