import Coordination
import Foundation
import Model
import ObjectStorage
import SharedRepository

/// The sub-tree of given stores in which a bench works.
enum BenchPlace {
  /// - Parameter url: `zookeeper://HOST/CHROOT?options` or `sqlite:PATH`.
  static func coordination(_ url: String, _ name: String) -> String {
    let parts = url.split(separator: "?", maxSplits: 1)
    return "\(parts[0])/\(name)" + (parts.count > 1 ? "?\(parts[1])" : "")
  }

  /// - Parameter url: `rados://POOL?options` or `file:PATH`.
  static func objects(_ url: String, _ name: String) -> String {
    guard url.hasPrefix("rados:") else { return "\(url)/\(name)" }
    return url.contains("namespace=")
      ? url.replacing("namespace=", with: "namespace=\(name)-", maxReplacements: 1) : "\(url)&namespace=\(name)"
  }

  /// Removes the sub-tree, and the objects and entries of the jobs that were registered in it.
  static func remove(_ name: String, of coordination: String, objects: any ObjectStore) async throws {
    try await removeEntries(objects)
    if let folder = Stores.path(coordination, scheme: "sqlite") {
      return try FileManager.default.removeItem(atPath: "\(folder)/\(name)")
    }
    try await Stores.coordinationStore(coordination).withSession { try await removeTree(.root / name, $0) }
  }

  /// Removes a node with all below it, many at a time.
  static func removeTree(_ path: NodePath, _ session: any CoordinationSession) async throws {
    let children = (try await session.children(of: path) ?? []).map { path / $0 }
    for start in stride(from: 0, to: children.count, by: 200) {
      let some = Array(children[start..<min(start + 200, children.count)])
      do {
        try await session.transaction(some.map { .delete($0, expecting: nil) })
      } catch let error as CoordinationError where error.code != .sessionEnded {
        // Some have children of their own, or are gone: one by one.
        for child in some { try await removeTree(child, session) }
      }
    }
    do {
      try await session.delete(path)
    } catch let error as CoordinationError where error.code == .noNode || error.code == .notEmpty {
      return
    }
  }

  private static func removeEntries(_ objects: any ObjectStore) async throws {
    while true {
      let entries = try await objects.entries(in: ObjectMap.jobs, after: "", limit: 1_000)
      guard !entries.isEmpty else { return }
      for entry in entries where entry.key.hasPrefix("job=") {
        let job = try JobName(String(entry.key.dropFirst(4)))
        let stored = try JSONBytes.decode(StoredJob.self, from: entry.value)
        try await objects.delete(ObjectMap.job(job, revision: stored.revision))
        try await removeBuilds(of: job, objects)
      }
      try await objects.update(ObjectMap.jobs, entries.map { IndexChange(key: $0.key, value: nil) })
    }
  }

  private static func removeBuilds(of job: JobName, _ objects: any ObjectStore) async throws {
    while true {
      let entries = try await objects.entries(in: ObjectMap.builds(of: job), after: "", limit: 1_000)
      guard !entries.isEmpty else { return }
      try await objects.update(ObjectMap.builds(of: job), entries.map { IndexChange(key: $0.key, value: nil) })
    }
  }
}
