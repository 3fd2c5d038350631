import Coordination
import Model
import ObjectStorage

/// What became of an attempt to write a build into history.
package enum Recorded: Hashable, Sendable {
  /// It stands there; the build may be removed from what runs, at the same version.
  case done
  /// Another build-control worker is ending the same build from the same version, or was quicker. Read it again; only
  /// one of the two can go on from there.
  case contested
}

extension SharedRepository {
  /// Writes a build into history, before it is removed from what runs.
  ///
  /// Two build-control workers may try to end a build from the same version, with different ends, and only one of them will
  /// remove it. So nobody replaces a record of the same version: the version is moved on first, which stops whoever wrote
  /// that record, and then the later version wins.
  ///
  /// - Parameter running: what it was ended from.
  /// - Returns: also where the states of its tasks stand in history.
  package func record(_ ended: EndedBuild, after running: RunningBuild) async throws -> (Recorded, StoredPages) {
    let (value, pages) = try await stored(
      ended, of: ended.record.request.build, limit: ObjectLimits.indexValueSize, after: running.pages)
    return (try await record(ended, value), pages)
  }

  private func record(_ ended: EndedBuild, _ value: [UInt8]) async throws -> Recorded {
    let build = ended.record.request.build
    let index = ObjectMap.builds(of: build.job)
    let key = ObjectMap.buildEntry(build.number)
    do {
      try await objects.update(index, [IndexChange(key: key, value: value, expecting: .absent)])
      return .done
    } catch let error as ObjectStoreError where error.code == .conditionFailed {
      guard let found = try await objects.value(in: index, at: key) else { return .contested }
      if found == value { return .done }
      let version = try await version(ofEnded: found)
      if version < ended.version { return try await replace(found, by: value, in: index, at: key) }
      if version == ended.version { try await moveOn(ended) }
      return .contested
    }
  }

  private func replace(
    _ found: [UInt8], by value: [UInt8], in index: ObjectKey, at key: String
  ) async throws -> Recorded {
    do {
      try await objects.update(index, [IndexChange(key: key, value: value, expecting: .value(found))])
      return .done
    } catch let error as ObjectStoreError where error.code == .conditionFailed {
      return .contested
    }
  }

  private func moveOn(_ ended: EndedBuild) async throws {
    let path = NodeMap.build(ended.record.request.build)
    do {
      guard let node = try await session.read(path), node.version == ended.version else { return }
      try await session.write(path, node.data, expecting: ended.version)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return
    }
  }
}
