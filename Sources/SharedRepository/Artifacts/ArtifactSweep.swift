import Coordination
import Model
import ObjectStorage

/// Removes artifacts whose time is over. Any number of processes may do so at the same time, and each may die at any moment:
/// the next one goes on where it was.
package struct ArtifactSweep: Sendable {
  private let repository: SharedRepository

  /// What one step looks at and removes at most.
  package static let lots = 20
  package static let artifacts = 1_000
  /// When a lot is looked at again that a build has which has not ended.
  package static let postponement = Duration.seconds(600)
  /// The same for one that cannot be looked at.
  private static let trouble = Duration.seconds(86_400)

  package init(repository: SharedRepository) {
    self.repository = repository
  }

  /// Removes what is due, up to a bound.
  package func step() async throws {
    let entries = try await repository.objects.entries(in: ObjectMap.kept, after: ObjectMap.duePrefix, limit: Self.lots)
    let now = repository.now()
    var room = Self.artifacts
    for entry in entries {
      // Entries are in the order of their times, and come before those of the lots.
      guard let (due, lot) = ObjectMap.due(ofEntry: entry.key), due <= now else { return }
      do {
        room -= try await expire(lot, due, entry.key, room)
      } catch let error where error.isDamage {
        // Others are not to wait for ever because of this one.
        try await postpone(lot, by: Self.trouble)
      }
      guard room > 0 else { return }
    }
  }

  /// - Returns: how many artifacts were removed.
  private func expire(_ lot: ArtifactLot, _ due: Timestamp, _ entry: String, _ room: Int) async throws -> Int {
    guard let found = try await value(of: lot),
      var lease = try? JSONBytes.decode(ArtifactLease.self, from: found), lease.due == due
    else { return try await forget(entry) }
    if lease.expired == nil {
      guard try await !isHeld(lot) else {
        try await postpone(lot, by: Self.postponement)
        return 0
      }
      // From here on nobody is promised anything, and whoever wanted to promise it has lost.
      lease.expired = repository.now()
      guard try await repository.replace(found, lease, by: lease, of: lot) else { return 0 }
    }
    return try await remove(lot, lease, entry, room)
  }

  private func remove(_ lot: ArtifactLot, _ lease: ArtifactLease, _ entry: String, _ room: Int) async throws -> Int {
    let artifacts = try await repository.artifacts(in: lot)
    let start = lease.removed ?? 0
    let some = artifacts.dropFirst(start).prefix(room)
    for (storage, number) in some { try await storage.deleteArtifact(number) }
    guard start + some.count < artifacts.count else {
      _ = try await forget(entry)
      return some.count
    }
    var further = lease
    further.removed = start + some.count
    // Whoever else removes them has come as far, or will.
    _ = try await repository.replace(try JSONBytes.encode(lease), lease, by: further, of: lot)
    return some.count
  }

  private func value(of lot: ArtifactLot) async throws -> [UInt8]? {
    try await repository.objects.value(in: ObjectMap.kept, at: ObjectMap.lotEntry(lot))
  }

  private func forget(_ entry: String) async throws -> Int {
    try await repository.objects.update(ObjectMap.kept, [IndexChange(key: entry, value: nil)])
    return 0
  }

  private func postpone(_ lot: ArtifactLot, by time: Duration) async throws {
    guard let found = try await value(of: lot) else { return }
    let earlier = try JSONBytes.decode(ArtifactLease.self, from: found)
    var later = earlier
    later.due = repository.now().adding(time)
    _ = try await repository.replace(found, earlier, by: later, of: lot)
  }

  /// Whether a build that has not ended has them: the one that made them, or one that took them over.
  private func isHeld(_ lot: ArtifactLot) async throws -> Bool {
    for number in try await repository.runningNumbers(of: lot.build.job) {
      if number == lot.build.number { return true }
      let build = BuildID(job: lot.build.job, number: number)
      guard let running = try await repository.runningBuild(build) else { continue }
      if running.record.state.tasks.contains(where: { $0.attempts.last?.madeIn == lot.build }) { return true }
    }
    return false
  }
}

extension SharedRepository {
  /// The artifacts of a lot, in an order that does not change. None when the build that made them is not known any more.
  fileprivate func artifacts(in lot: ArtifactLot) async throws -> [(AttemptStorage, Int)] {
    guard let ended = try await endedBuild(lot.build) else { return [] }
    let plan = try await plan(of: ended.record)
    var artifacts: [(AttemptStorage, Int)] = []
    for (task, state) in zip(plan.tasks, ended.record.state.tasks) where self.lot(task, state, in: lot.build) == lot {
      guard let token = state.attempts.last?.token else { continue }
      let storage = storage(of: lot.build, task: task.name, token: token)
      artifacts += try await storage.artifactList().map { (storage, $0.number) }
    }
    return artifacts
  }
}

extension Error {
  /// Whether what is stored is not what was written.
  fileprivate var isDamage: Bool {
    switch self {
    case let error as ObjectStoreError: error.code == .damaged
    case let error as RepositoryError: error.code == .damaged || error.code == .invalid
    default: self is DecodingError
    }
  }
}
