package import Coordination
import Model
import ObjectStorage

/// How long artifacts are kept: whoever has them in a build promises them for a time from the end of that build on, and the
/// latest promise counts.
extension SharedRepository {
  /// A build that is about to take artifacts over has so much longer to begin.
  private static var beginning: Duration { .seconds(3_600) }

  /// Promises what a build has published or taken over, before the build is removed from what runs. Done twice, or for an end
  /// that does not come about, it does no harm: nothing is removed that a running build has.
  package func promiseArtifacts(of record: BuildRecord) async throws {
    // Most builds cost nothing.
    guard record.state.tasks.contains(where: \.hasArtifacts) else { return }
    let plan: Plan
    do {
      plan = try await self.plan(of: record)
    } catch let error as RepositoryError where error.code != .unavailable && error.code != .noSpace {
      // Nobody can list them either.
      return
    }
    let end = record.state.finished ?? now()
    for lot in lots(of: record.state, plan) { try await promise(lot, until: end.adding(lot.duration)) }
  }

  /// Promises what a build takes over, before it is created: until it runs, nothing else would tell of it.
  func promiseArtifacts(takenOverBy state: BuildState, _ plan: Plan) async throws {
    for lot in lots(of: state, plan) {
      try await promise(lot, until: now().adding(lot.duration).adding(Self.beginning))
    }
  }

  private func lots(of state: BuildState, _ plan: Plan) -> Set<ArtifactLot> {
    Set(zip(plan.tasks, state.tasks).compactMap { task, state in lot(task, state, in: plan.request.build) })
  }

  /// The lot of what a task published; `nil` when it published nothing, or what is kept for ever.
  func lot(_ task: TaskDefinition, _ state: TaskState, in build: BuildID) -> ArtifactLot? {
    guard state.hasArtifacts, case .publishArtifacts(let work) = task.work, let keep = work.keep else { return nil }
    return ArtifactLot(build: state.attempts.last?.madeIn ?? build, keep: keep)
  }

  func lease(of lot: ArtifactLot) async throws -> ArtifactLease? {
    try await objects.value(in: ObjectMap.kept, at: ObjectMap.lotEntry(lot)).map {
      try JSONBytes.decode(ArtifactLease.self, from: $0)
    }
  }

  /// Moves the end of a lease further away, never nearer. What has expired stays so.
  private func promise(_ lot: ArtifactLot, until due: Timestamp) async throws {
    let entry = ObjectMap.lotEntry(lot)
    while true {
      let found = try await objects.value(in: ObjectMap.kept, at: entry)
      let earlier = try found.map { try JSONBytes.decode(ArtifactLease.self, from: $0) }
      if let earlier, earlier.expired != nil || earlier.due >= due { return }
      if try await replace(found, earlier, by: ArtifactLease(due: due), of: lot) { return }
    }
  }

  /// Writes a lease, and when to look at it.
  ///
  /// - Returns: whether the lease was still the one that was found.
  func replace(
    _ found: [UInt8]?, _ earlier: ArtifactLease?, by lease: ArtifactLease, of lot: ArtifactLot
  ) async throws -> Bool {
    var changes = [
      IndexChange(
        key: ObjectMap.lotEntry(lot), value: try JSONBytes.encode(lease),
        expecting: found.map(IndexChange.Expectation.value) ?? .absent)
    ]
    if earlier?.due != lease.due {
      changes.append(IndexChange(key: ObjectMap.dueEntry(lease.due, lot), value: []))
      if let earlier { changes.append(IndexChange(key: ObjectMap.dueEntry(earlier.due, lot), value: nil)) }
    }
    do {
      try await objects.update(ObjectMap.kept, changes)
      return true
    } catch let error as ObjectStoreError where error.code == .conditionFailed {
      return false
    }
  }
}

extension TaskState {
  /// Whether it published artifacts that count.
  var hasArtifacts: Bool {
    guard let outcome = attempts.last else { return false }
    return outcome.verdict == .succeeded && outcome.artifacts > 0
  }
}
