package import Coordination
import Foundation
package import Model

/// Schedules. How far each has come is a node; it is moved on in the very transaction that starts the build, provided that
/// nobody else has moved it: so each instant is fired once, whoever tries.
extension SharedRepository {
  /// When the schedules of each job are due next.
  package func dueSchedules() async throws -> [JobName: Timestamp] {
    var due: [JobName: Timestamp] = [:]
    for path in try await session.entries(inBucketsOf: NodeMap.schedules) {
      guard let job = try? JobName(path.name), let record = try await scheduleRecord(of: job)?.record else { continue }
      due[job] = record.due
    }
    return due
  }

  /// How far a job's schedules have come, with the version of the node.
  package func scheduleRecord(of job: JobName) async throws -> (record: ScheduleRecord, version: Int)? {
    guard let node = try await session.read(NodeMap.schedules(of: job)) else { return nil }
    return (try JSONBytes.decode(ScheduleRecord.self, from: node.data), node.version)
  }

  /// Starts what the schedules of a job want by now.
  ///
  /// - Returns: when they are due next.
  package func fireSchedules(of name: JobName) async throws -> Timestamp? {
    try await turns.withTurn(of: [name]) {
      while let (record, version) = try await scheduleRecord(of: name) {
        guard let due = record.due, due <= now() else { return record.due }
        guard let job = try await presentJob(name), job.schedules == record.states.map(\.trigger) else {
          try await settleSchedules(of: name)
          continue
        }
        try await fire(record, version, name)
      }
      return nil
    }
  }

  /// Fires the instant that was due first. Whoever was overtaken reads again.
  private func fire(_ known: ScheduleRecord, _ version: Int, _ name: JobName) async throws {
    var record = known
    let first = record.states.indices.min { left, right in
      (record.states[left].due ?? .never, left) < (record.states[right].due ?? .never, right)
    }
    guard let first else { return }
    var batch = StartBatch(repository: self)
    if let instant = record.states[first].fire(of: name, now: now()),
      let refusal = try await batch.add(StartRequest(job: name, cause: .schedule(instant)))
    {
      record.states[first].error = refusal
    }
    let (path, data) = (NodeMap.schedules(of: name), try JSONBytes.encode(record))
    try await batch.start(with: .write(path, data, expecting: version)) {
      try await session.read(path)?.data == data
    }
  }

  /// Brings the node of a job's schedules in line with its file.
  func settleSchedules(of name: JobName) async throws {
    try await settle(NodeMap.schedules(of: name), below: NodeMap.schedules) { node in
      let known = try node.map { try JSONBytes.decode(ScheduleRecord.self, from: $0.data).states } ?? []
      guard let schedules = try await presentJob(name)?.schedules, !schedules.isEmpty else { return nil }
      let time = now()
      let states = schedules.map { trigger in
        var state = known.first { $0.trigger == trigger } ?? ScheduleState(trigger, of: name, now: time)
        state.correct(of: name, now: time)
        return state
      }
      return try JSONBytes.encode(ScheduleRecord(states: states))
    }
  }
}

extension Timestamp {
  fileprivate static let never = Timestamp(milliseconds: .max)
}
