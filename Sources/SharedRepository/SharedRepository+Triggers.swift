package import Coordination
import LocalThreads
package import Model

/// A build that somebody wants.
package struct StartRequest: Hashable, Sendable {
  package var job: JobName
  package var parameters: [String: String]
  package var cause: BuildCause
  /// How many builds stand before it in its chain of continuations.
  package var depth: Int
  /// The files that the push changed, when they are known.
  package var changed: Set<String>?
  /// The build that it repeats.
  package var repeated: RepeatedBuild?
  /// The builds that were waited for beside the one that this one continues.
  package var together: [BuildID]?
  /// The text of the job that it is made from, whichever is the current one: whoever names it has just checked it.
  package var revision: String?
  /// The build that read the job's file.
  package var readBy: BuildID?
  /// See ``BuildRequest/aside``.
  package var aside: Bool?

  package init(
    job: JobName, parameters: [String: String] = [:], cause: BuildCause = .request, depth: Int = 0,
    changed: Set<String>? = nil, repeated: RepeatedBuild? = nil, together: [BuildID]? = nil
  ) {
    self.together = together
    self.job = job
    self.parameters = parameters
    self.cause = cause
    self.depth = depth
    self.changed = changed
    self.repeated = repeated
  }
}

/// What a trigger came to.
package struct Started: Hashable, Sendable {
  package var builds: [BuildID]
  /// Whether they had been started before, by an earlier arrival of the same delivery.
  package var isRepeat: Bool
}

extension SharedRepository {
  /// Starts a build. When the call returns, the build is durable and will end.
  ///
  /// - Throws: ``RepositoryError``; with `unavailable` also when too many triggers of the job wait already.
  package func start(_ request: StartRequest) async throws -> BuildID {
    try turns.checkRoom(for: [request.job])
    let start = WaitingStarts.Start(request)
    waitingStarts.add(start)
    defer { waitingStarts.remove(start) }
    while true {
      if let outcome = start.outcome { return try outcome.get() }
      try await turns.withTurn(of: [request.job]) {
        guard start.outcome == nil else { return }
        await startTogether(waitingStarts.take(of: request.job))
      }
    }
  }

  /// Starts them in one transaction. One that cannot be started keeps no other from it.
  private func startTogether(_ starts: [WaitingStarts.Start]) async {
    // Unstructured, because whoever has the turn may be cancelled, and must not cancel the others.
    let task: Task<Void, Never> = StoreThreads.immediate {
      do {
        for (start, outcome) in zip(starts, try await startNow(starts.map(\.request))) { start.end(outcome) }
      } catch {
        for start in starts { start.end(.failure(error)) }
      }
    }
    await task.value
  }

  /// - Parameter requests: of one job.
  private func startNow(_ requests: [StartRequest]) async throws -> [Result<BuildID, any Error>] {
    let requestID = RequestID.make()
    while let name = requests.first?.job {
      // None of these needs another, and each is a journey.
      let counter = StoreThreads.immediate { try await session.read(NodeMap.job(name)) }
      let look = StoreThreads.immediate { try await poster.look(for: firstQueues.guess(for: name)) }
      let texts = await startable(requests)
      if requests.count > 1, texts.contains(where: { (try? $0.get())?.job.concurrency != nil }) {
        // One may take the place of another, which must be there first.
        return await requests.asyncMap { request in
          do {
            return try await startNow([request])[0]
          } catch {
            return .failure(error)
          }
        }
      }
      var numbers = BuildNumbers()
      try await numbers.know(counter.value, of: name)
      var groups = GroupBook(session: session, now: now)
      var prepared: [Result<PreparedBuild, any Error>] = []
      for (request, text) in zip(requests, texts) {
        let free = numbers
        do {
          let build = try await prepare(request, of: try text.get(), requestID: requestID, &numbers, &groups)
          prepared.append(.success(build))
        } catch let error as RepositoryError {
          // The number of one that cannot start is the next one's.
          numbers = free
          prepared.append(.failure(error))
        }
      }
      let builds = prepared.compactMap { try? $0.get() }
      guard let first = builds.first else { return prepared.map { $0.map(\.build) } }
      do {
        let changes = try numbers.changes + groups.changes + builds.map(\.creation)
        let tickets = builds.flatMap(\.tickets)
        firstQueues.note(tickets, of: name)
        try await poster.post(tickets, with: changes, knowing: look.value) {
          try await wasStarted(first.build, requestID, nil)
        }
        return prepared.map { $0.map(\.build) }
      } catch let error as CoordinationError where error.isOvertaken {
        try await makeRoom(error)
      }
    }
    return []
  }

  /// Starts builds, all or none, once for each delivery however often it arrives.
  ///
  /// - Parameter more: what else is to be changed with it, worked out anew whenever somebody else was quicker.
  /// - Throws: as when one is started, and what `more` throws.
  package func start(
    _ requests: [StartRequest], delivery: Delivery?, with more: () async throws -> [Change] = { [] }
  ) async throws -> Started {
    try turns.checkRoom(for: Set(requests.map(\.job)))
    return try await turns.withTurn(of: Set(requests.map(\.job))) {
      try await startNow(requests, delivery: delivery, with: more)
    }
  }

  private func startNow(
    _ requests: [StartRequest], delivery: Delivery?, with more: () async throws -> [Change]
  ) async throws -> Started {
    let requestID = RequestID.make()
    while true {
      let arrival = try await arrival(of: delivery)
      if let known = arrival.known { return Started(builds: known, isRepeat: true) }
      let others = try await more()
      let (requests, seen) = try await reconcile(requests)
      var numbers = BuildNumbers()
      var groups = GroupBook(session: session, now: now)
      let mayBegin = requests.count <= Self.mostBegunTogether
      let prepared = try await requests.asyncMap {
        try await prepare($0, requestID: requestID, &numbers, &groups, mayBegin: mayBegin)
      }
      let record = DeliveryRecord(builds: prepared.map(\.build), received: now(), requestID: requestID)
      let arrived = try arrival.changes(to: record)
      do {
        let changes = try arrived + others + seen + numbers.changes + groups.changes + prepared.map(\.creation)
        try await poster.post(prepared.flatMap(\.tickets), with: changes) {
          try await wasStarted(prepared.first?.build, requestID, delivery)
        }
        return Started(builds: record.builds, isRepeat: false)
      } catch let error as CoordinationError where error.isOvertaken {
        try await makeRoom(error)
      }
    }
  }

  /// Makes sure that a build could be started so, without starting it: where several start together, one that cannot must
  /// not keep the others from it.
  ///
  /// - Throws: ``RepositoryError`` with `notFound`, `conflict` or `invalid`.
  package func check(_ start: StartRequest) async throws {
    let text = try await startable(start)
    let (job, revision) = (text.job, text.revision)
    let request = BuildRequest(
      build: BuildID(job: start.job, number: 1), requestID: "", jobRevision: revision,
      parameters: try checked(start.parameters, job), cause: start.cause, requested: now(), depth: start.depth,
      priority: job.priority, unchanged: start.changed.flatMap { job.tasksUnchanged(by: $0) })
    do {
      _ = try Plan(request, of: job)
      _ = try job.concurrency?.resolved(with: request.values)
    } catch {
      throw RepositoryError(error)
    }
  }

  /// Works out a build to be created, with the next number of its job, and its place in its concurrency group.
  ///
  /// - Parameter mayBegin: whether its first attempt may be posted with it, where that is all that it begins with.
  package func prepare(
    _ start: StartRequest, requestID: String, _ numbers: inout BuildNumbers, _ groups: inout GroupBook,
    mayBegin: Bool = true
  ) async throws -> PreparedBuild {
    try await prepare(
      start, of: try await startable(start), requestID: requestID, &numbers, &groups, mayBegin: mayBegin)
  }

  private func prepare(
    _ start: StartRequest, of text: StartableJob, requestID: String, _ numbers: inout BuildNumbers,
    _ groups: inout GroupBook, mayBegin: Bool = true
  ) async throws -> PreparedBuild {
    let (job, revision) = (text.job, text.revision)
    let number = try await numbers.next(start.job, in: self)
    let request = BuildRequest(
      build: BuildID(job: start.job, number: number), requestID: requestID, jobRevision: revision,
      parameters: try checked(start.parameters, job), cause: start.cause, requested: now(), depth: start.depth,
      priority: job.priority,
      unchanged: start.repeated?.unchanged ?? start.changed.flatMap { job.tasksUnchanged(by: $0) },
      frozen: start.repeated?.inputs, together: start.together, readBy: start.readBy,
      aside: start.aside)
    let plan: Plan
    do {
      plan = try Plan(request, of: job)
    } catch {
      throw RepositoryError(error)
    }
    try PreparedBuild.check(request, plan)
    var (place, tickets) = try await enter(job, request, &groups)
    var state = start.repeated?.state?.with(place) ?? BuildState(taskCount: plan.tasks.count, group: place)
    let isPlain = place == nil && start.repeated?.state == nil
    let isSmall = try isPlain && PreparedBuild.isSmall(request)
    let begun = isSmall && mayBegin ? try await begin(request, plan) : nil
    if let begun { (state, tickets) = (begun.state, [begun.ticket]) }
    let (data, _) = try await nodeData(of: BuildRecord(request: request, state: state))
    if let begun, isWhole(data) {
      tickets = [begun.tellingTicket]
    } else if isPlain, begun == nil, data.count <= PreparedBuild.largestCarried, isWhole(data) {
      for index in tickets.indices {
        tickets[index].created = CreatedBuild(request: request, taskCount: plan.tasks.count)
      }
    }
    return PreparedBuild(
      build: request.build, creation: .create(NodeMap.build(request.build), data, .persistent), tickets: tickets)
  }

  /// Creates the bucket that a build or a delivery could not be created in. Whatever else was overtaken is read anew by
  /// the caller.
  package func makeRoom(_ error: CoordinationError) async throws {
    guard error.code == .noNode, let path = error.path else { return }
    // Backends name either the missing bucket or the node that was to be in it.
    for bucket in [path, path.parent].compactMap({ $0 }) where isBucket(bucket) {
      try await session.createAll(bucket)
      if let job = bucket.parent, job.parent == NodeMap.builds { try await removeEmptyBuckets(of: job, but: bucket) }
    }
  }

  /// A new bucket is needed once in a thousand builds: the time to remove those whose builds have all ended.
  private func removeEmptyBuckets(of job: NodePath, but newest: NodePath) async throws {
    for name in try await session.children(of: job) ?? []
    // The one before may be needed still by a trigger that is under way.
    where (Int(name) ?? 0) < (Int(newest.name) ?? 0) - 1 {
      do {
        try await session.delete(job / name)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
  }

  private func isBucket(_ path: NodePath) -> Bool {
    [NodeMap.deliveries, NodeMap.groups, NodeMap.environments, NodeMap.joins].contains(path.parent)
      || path.parent?.parent == NodeMap.builds
  }

  private func checked(_ parameters: [String: String], _ job: Job) throws -> [ParameterName: String] {
    do {
      return try job.checkedParameters(parameters)
    } catch {
      let problems = error.problems.map(\.message).joined(separator: "; ")
      throw RepositoryError(.invalid, problems, remedy: error.problems.map(\.remedy).joined(separator: "; "))
    }
  }

  private func arrival(of delivery: Delivery?) async throws -> Arrival {
    var arrival = Arrival()
    for identity in delivery?.identities ?? [] {
      let path = NodeMap.delivery(identity.digest)
      let node = try await session.read(path)
      if let node {
        let record = try JSONBytes.decode(DeliveryRecord.self, from: node.data)
        if identity.isLasting || now().since(record.received) < Delivery.recency {
          arrival.known = record.builds
          return arrival
        }
      }
      arrival.versions.append((path, node?.version))
    }
    return arrival
  }

  /// Whether the build or the delivery in the stores is this very trigger's.
  func wasStarted(_ build: BuildID?, _ requestID: String, _ delivery: Delivery?) async throws -> Bool {
    if let digest = delivery?.identities.first?.digest {
      guard let node = try await session.read(NodeMap.delivery(digest)) else { return false }
      return try JSONBytes.decode(DeliveryRecord.self, from: node.data).requestID == requestID
    }
    guard let build else { return false }
    if let running = try await runningBuild(build) { return running.record.request.requestID == requestID }
    return try await endedBuild(build)?.record.request.requestID == requestID
  }
}

/// A build that is about to be created.
package struct PreparedBuild: Sendable {
  package var build: BuildID
  package var creation: Change
  /// What it is started with, unless it waits; and what tells the builds that it takes the place of.
  package var tickets: [Ticket]

  /// Every ticket of a build carries its request, and all tasks of a build may be posted in one transaction.
  static let largestRequest = 8 * 1024
  /// A build up to this size also stands in the ticket that begins it, and one whose request is no larger may begin with its
  /// creation. Bytes.
  static let largestCarried = 2 * 1024
  package static let largestPosting = CoordinationLimits.transactionSize / 2

  /// About how many bytes it takes of a transaction.
  package var size: Int {
    get throws {
      var size = 512 + creation.size
      for ticket in tickets { size += try JSONBytes.encode(ticket).count + 512 }
      return size
    }
  }

  /// Whether a request is small enough for its build to begin with its creation.
  static func isSmall(_ request: BuildRequest) throws -> Bool {
    try JSONBytes.encode(request).count <= largestCarried
  }

  /// - Throws: ``RepositoryError`` with `invalid` when the build could not be carried out.
  static func check(_ request: BuildRequest, _ plan: Plan) throws {
    // What nobody gave anything to need not be encoded to be known as small.
    let isPlain = request.cause.isPlain && request.parameters.isEmpty && request.unchanged == nil
    let size = isPlain ? 0 : try JSONBytes.encode(request).count
    guard size <= largestRequest, (size + 2_048) * min(plan.tasks.count, BuildState.tasksPerTurn) <= largestPosting
    else {
      throw RepositoryError(
        .invalid, "parameters of \(size) bytes are too many for \(plan.tasks.count) tasks",
        remedy: "pass large values as artifacts")
    }
    do {
      for task in plan.tasks { try NodeMap.check(task.labels) }
    } catch {
      throw RepositoryError(error)
    }
  }
}

extension BuildCause {
  fileprivate var isPlain: Bool {
    switch self {
    case .request: true
    case .asked, .push, .pullRequest, .continuation, .rollback, .retrial, .schedule: false
    }
  }
}

extension Sequence {
  func asyncMap<Result>(_ transform: (Element) async throws -> Result) async rethrows -> [Result] {
    var results: [Result] = []
    for element in self { results.append(try await transform(element)) }
    return results
  }
}
