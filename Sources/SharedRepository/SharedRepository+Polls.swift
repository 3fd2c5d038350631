package import Coordination
package import Model
import ObjectStorage

/// Repositories that are looked at. What was seen last is a node; it is moved on in the very transaction that starts a build
/// for what is new, provided that nobody else has moved it.
extension SharedRepository {
  /// So many builds at most are started in one transaction.
  private static let mostAtOnce = 16

  /// When the repositories of each job are to be looked at next.
  package func duePolls() async throws -> [JobName: Timestamp] {
    var due: [JobName: Timestamp] = [:]
    for path in try await session.entries(inBucketsOf: NodeMap.polls) {
      guard let job = try? JobName(path.name), let record = try await pollNode(of: job)?.record else { continue }
      due[job] = record.due
    }
    return due
  }

  /// What is known of the repositories that a job looks at.
  package func pollRecord(of job: JobName) async throws -> PollRecord? { try await pollNode(of: job)?.record }

  /// Takes in where branches are now: starts a build for each that has moved, all in all once however many saw it.
  ///
  /// - Parameter found: the commit of each branch, by its name.
  package func take(_ found: [String: String], of trigger: PollTrigger, for name: JobName) async throws {
    try await turns.withTurn(of: [name]) {
      // One that no build can be made of must not be met again at every look.
      var refused: [String: String] = [:]
      while let node = try await duePoll(trigger, of: name) {
        var record = node.record
        let index = node.index
        var batch = StartBatch(repository: self)
        let moved = record.states[index].moved(to: found)
        for (branch, commit) in moved.prefix(Self.mostAtOnce) {
          let push = BuildCause.Push(repository: trigger.repository, ref: "refs/heads/\(branch)", commit: commit)
          refused[branch] = try await batch.add(StartRequest(job: name, cause: .push(push)))
          record.states[index].seen?[branch] = commit
        }
        if moved.count <= Self.mostAtOnce { record.states[index].succeed(with: found, now: now()) }
        if let (branch, refusal) = refused.min(by: { $0.key < $1.key }) {
          let others = refused.count > 1 ? ", and \(refused.count - 1) other branches" : ""
          record.states[index].error = "\(branch.bounded(to: 100)) was not built\(others): \(refusal)".bounded(to: 500)
        }
        if try await replace(node.known, by: record, batch), moved.count <= Self.mostAtOnce { return }
      }
    }
  }

  /// Takes in that the branches could not be seen.
  package func fail(_ trigger: PollTrigger, of name: JobName, because reason: String) async throws {
    while let node = try await duePoll(trigger, of: name) {
      var record = node.record
      record.states[node.index].fail(because: reason, now: now())
      if try await replace(node.known, by: record, StartBatch(repository: self)) { return }
    }
  }

  /// Takes in what somebody else tells of the same branches, so that no look finds it new.
  ///
  /// - Returns: the requests without those for which a look was quicker; and the changes to be made together with starting
  ///   them.
  func reconcile(_ requests: [StartRequest]) async throws -> (requests: [StartRequest], changes: [Change]) {
    var (wanted, changes) = ([StartRequest](), [Change]())
    for request in requests {
      guard case .push(let push) = request.cause, let branch = push.branch, let job = try await presentJob(request.job),
        !job.polls.isEmpty, let node = try await pollNode(of: request.job)
      else {
        wanted.append(request)
        continue
      }
      var record = node.record
      let indices = record.states.indices.filter { record.states[$0].covers(push, branch) }
      if indices.contains(where: { record.states[$0].seen?[branch] == push.commit }) {
        changes.append(.check(node.path, expecting: node.version))
        continue
      }
      wanted.append(request)
      for index in indices { record.states[index].seen?[branch] = push.commit }
      guard record != node.record else { continue }
      changes.append(.write(node.path, try await pollData(record, of: request.job), expecting: node.version))
    }
    return (wanted, changes)
  }

  /// Brings the node of a job's polls in line with its file.
  func settlePolls(of name: JobName) async throws {
    let replaced = try await settle(NodeMap.polls(of: name), below: NodeMap.polls) { node in
      guard let polls = try await presentJob(name)?.polls, !polls.isEmpty else { return nil }
      let stored = try await node.flatMapAsync { try await resolved($0.data) }
      let known = try stored.map { try JSONBytes.decode(PollRecord.self, from: $0).states } ?? []
      if let node, stored != nil, known.map(\.trigger) == polls { return node.data }
      let time = now()
      let states = polls.map { trigger in
        known.lazy.compactMap { $0.following(trigger, now: time) }.first ?? PollState(trigger, now: time)
      }
      return try await pollData(PollRecord(states: states), of: name)
    }
    if let object = try replaced.flatMap(overflowObject) { try await objects.delete(object) }
  }

  private struct PollNode {
    var path: NodePath
    var record: PollRecord
    var version: Int
    var data: [UInt8]
  }

  /// A poll whose time has come.
  private struct DuePoll {
    var known: PollNode
    var index: Int
    var record: PollRecord { known.record }
  }

  private func pollNode(of job: JobName) async throws -> PollNode? {
    let path = NodeMap.polls(of: job)
    while let node = try await session.read(path) {
      if let data = try await resolved(node.data) {
        let record = try JSONBytes.decode(PollRecord.self, from: data)
        return PollNode(path: path, record: record, version: node.version, data: node.data)
      }
      // The object of an earlier record goes once the next one stands there.
      try await session.synchronize()
      guard try await session.read(path)?.version != node.version else {
        throw RepositoryError(.damaged, "what \(job) has seen is gone", remedy: "apply the job again")
      }
    }
    return nil
  }

  /// - Returns: `nil` when it is not due any more: somebody else was quicker, or the job's file has changed.
  private func duePoll(_ trigger: PollTrigger, of name: JobName) async throws -> DuePoll? {
    guard let node = try await pollNode(of: name),
      let index = node.record.states.firstIndex(where: { $0.trigger == trigger && $0.due <= now() })
    else { return nil }
    guard try await presentJob(name)?.polls == node.record.states.map(\.trigger) else {
      try await settlePolls(of: name)
      return nil
    }
    return DuePoll(known: node, index: index)
  }

  private func replace(_ known: PollNode, by record: PollRecord, _ batch: StartBatch) async throws -> Bool {
    guard let name = try? JobName(known.path.name) else { return true }
    let data = try await pollData(record, of: name)
    let isDone = try await batch.start(with: .write(known.path, data, expecting: known.version)) {
      try await session.read(known.path)?.data == data
    }
    if isDone, let object = try overflowObject(of: known.data) { try await objects.delete(object) }
    return isDone
  }

  private func pollData(_ record: PollRecord, of job: JobName) async throws -> [UInt8] {
    try await overflowing(
      JSONBytes.encode(record), limit: CoordinationLimits.nodeSize, into: ObjectMap.polls(of: job))
  }
}

extension PollState {
  /// Whether it looks at the branch that was pushed.
  fileprivate func covers(_ push: BuildCause.Push, _ branch: String) -> Bool {
    trigger.accepts(branch: branch) && RepositoryIdentity.names(trigger.address, push.repository)
  }
}

extension Optional {
  fileprivate func flatMapAsync<Result>(_ transform: (Wrapped) async throws -> Result?) async rethrows -> Result? {
    if let self { try await transform(self) } else { nil }
  }
}
