import Coordination
import FileObjectStorage
import Foundation
import Model
import ObjectStorage
import RadosObjectStorage
import SQLiteCoordination
import ZooKeeperCoordination

/// The composition root of the stores: the only file that names backends, beside the bench's, which measures them bare.
struct Stores: Sendable {
  let coordination: any CoordinationStore
  let objects: any ObjectStore
  /// For everything else that the process keeps on disk.
  let folder: String

  /// Opens the stores that the options, else the environment, else the defaults name.
  static func open(
    _ options: StoreOptions, environment: [String: String] = ProcessInfo.processInfo.environment
  ) async throws -> Stores {
    let folder = folder(options, environment: environment)
    let coordination = options.coordination ?? environment["DISTCI_COORDINATION"] ?? "sqlite:\(folder)/coordination"
    let objects = options.objects ?? environment["DISTCI_OBJECTS"] ?? "file:\(folder)/objects"
    let stores = Stores(
      coordination: try coordinationStore(coordination),
      objects: try await opened(objects) { try await objectStore(objects) }, folder: absolute(folder))
    return try Failpoints(environment)?.around(stores) ?? stores
  }

  /// The folder for everything else.
  static func folder(
    _ options: StoreOptions, environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String {
    options.data ?? environment["DISTCI_DATA"] ?? defaultFolder(environment)
  }

  /// Says which store it was that could not be opened.
  private static func opened<Store>(_ url: String, _ open: () async throws -> Store) async throws -> Store {
    do {
      return try await open()
    } catch let error as ObjectStoreError {
      throw CommandFailure(
        error.code == .refused ? .file : .unavailable, "the object store \(url) cannot be opened: \(error)",
        remedy: "name another place with --objects, or --data for everything")
    }
  }

  static func coordinationStore(_ url: String) throws -> any CoordinationStore {
    if let path = path(url, scheme: "sqlite") { return SQLiteCoordinationStore(folder: path) }
    do {
      if url.hasPrefix("zookeeper://") { return try ZooKeeperCoordinationStore(url: url) }
    } catch {
      throw CommandFailure(.usage, error.message, remedy: error.remedy)
    }
    throw CommandFailure(
      .usage, "\(url) names no coordination store",
      remedy: "write sqlite:PATH or zookeeper://HOST:PORT,HOST:PORT/CHROOT")
  }

  private static func objectStore(_ url: String) async throws -> any ObjectStore {
    if let path = path(url, scheme: "file") { return try await FileObjectStore(folder: path) }
    if url.hasPrefix("rados://") { return try await RadosObjectStore(url: url) }
    throw CommandFailure(
      .usage, "\(url) names no object store",
      remedy: "write file:PATH or rados://POOL?conf=FILE&name=client.NAME")
  }

  /// The path of `scheme:PATH` or `scheme:///PATH`; `nil` for anything else.
  static func path(_ url: String, scheme: String) -> String? {
    guard url.hasPrefix("\(scheme):") else { return nil }
    let path = String(url.dropFirst(scheme.count + 1))
    return absolute(path.hasPrefix("///") ? String(path.dropFirst(2)) : path)
  }

  private static func absolute(_ path: String) -> String {
    path.hasPrefix("/") ? path : FileManager.default.currentDirectoryPath + "/" + path
  }

  private static func defaultFolder(_ environment: [String: String]) -> String {
    let home = environment["HOME"] ?? "/root"
    return (environment["XDG_DATA_HOME"] ?? "\(home)/.local/share") + "/distci"
  }
}
