package import Model

/// What one transaction changes about environments. An environment is one node, which holds who deploys there, and below it
/// those that wait. As with groups, every change writes the environment's node at the version that was read: so changes have
/// one order, and the lock goes to the next task in the very transaction that frees it.
package struct EnvironmentBook: Sendable {
  private let session: any CoordinationSession
  private let now: @Sendable () -> Timestamp
  private var environments: [DeployTarget: OpenEnvironment] = [:]

  /// So many tasks may wait at one environment.
  package static let mostWaiting = NodeMap.bucketSize

  private struct OpenEnvironment: Sendable {
    var record: EnvironmentRecord
    /// `nil` for one that is not there yet.
    var version: Int?
    /// In their order.
    var waiting: [EnvironmentEntry]
    var added: [EnvironmentEntry: EnvironmentWaiter] = [:]
    var removed: [EnvironmentEntry] = []
    var isChanged = false

    mutating func remove(_ entry: EnvironmentEntry) {
      waiting.removeAll { $0 == entry }
      if added.removeValue(forKey: entry) == nil { removed.append(entry) }
      isChanged = true
    }

    mutating func add(_ entry: EnvironmentEntry, _ waiter: EnvironmentWaiter) {
      waiting.append(entry)
      waiting.sort { $0.name < $1.name }
      added[entry] = waiter
      isChanged = true
    }
  }

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
  }

  /// Gives a task the lock, or has it wait for its turn. One that has a place already keeps it.
  ///
  /// - Parameter first: the position with which a new environment begins.
  /// - Throws: ``EnvironmentFull``.
  package mutating func enter(
    _ waiter: EnvironmentWaiter, at target: DeployTarget, first: () async throws -> Int
  ) async throws -> EnvironmentPlace {
    var environment = try await open(target, first)
    defer { environments[target] = environment }
    let (build, task) = (waiter.call.build, waiter.task)
    if let holder = environment.record.holder, holder.build == build, holder.task == task {
      return EnvironmentPlace(.holds, at: target, since: holder.since, position: holder.position)
    }
    let entries = environment.waiting.filter { $0.build == build && $0.task == task }
    if entries.contains(where: { $0.position != nil }) {
      return EnvironmentPlace(.waits, at: target, since: waiter.since)
    }
    for entry in entries { environment.remove(entry) }
    let isFree = environment.record.holder == nil && !environment.waiting.contains { $0.position != nil }
    try checkRoom(environment, target)
    let position = environment.record.next
    environment.record.next += 1
    environment.isChanged = true
    if isFree {
      environment.record.holder = EnvironmentRecord.Holder(
        build: build, task: task, name: waiter.name, since: waiter.since, position: position)
      return EnvironmentPlace(.holds, at: target, since: waiter.since, position: position)
    }
    environment.add(EnvironmentEntry(position: position, build: build, task: task), waiter)
    return EnvironmentPlace(.waits, at: target, since: waiter.since)
  }

  /// Lists a task that somebody has to approve. It keeps nobody from the lock.
  ///
  /// - Throws: ``EnvironmentFull``.
  package mutating func list(
    _ waiter: EnvironmentWaiter, at target: DeployTarget, first: () async throws -> Int
  ) async throws -> EnvironmentPlace {
    var environment = try await open(target, first)
    defer { environments[target] = environment }
    let entry = EnvironmentEntry(position: nil, build: waiter.call.build, task: waiter.task)
    if !environment.waiting.contains(entry) {
      try checkRoom(environment, target)
      environment.add(entry, waiter)
    }
    return EnvironmentPlace(.unapproved, at: target, since: waiter.since)
  }

  /// Takes a task's place away, whatever it is; nothing is changed when it has none. `nil` for all tasks of the build.
  ///
  /// - Returns: the ticket that calls the build whose task has the lock now.
  package mutating func leave(_ build: BuildID, task: Int?, at target: DeployTarget) async throws -> [Ticket] {
    guard var environment = try await openExisting(target) else { return [] }
    func isMeant(_ other: BuildID, _ index: Int) -> Bool { other == build && (task == nil || task == index) }
    for entry in environment.waiting where isMeant(entry.build, entry.task) { environment.remove(entry) }
    if let holder = environment.record.holder, isMeant(holder.build, holder.task) {
      environment.record.holder = nil
      environment.isChanged = true
    }
    let called = environment.isChanged ? try await advance(&environment, target) : []
    environments[target] = environment
    return called
  }

  private func advance(_ environment: inout OpenEnvironment, _ target: DeployTarget) async throws -> [Ticket] {
    guard environment.record.holder == nil, let entry = environment.waiting.first, let position = entry.position else {
      return []
    }
    let waiter = try await waiter(entry, environment, target)
    environment.remove(entry)
    environment.record.holder = EnvironmentRecord.Holder(
      build: entry.build, task: entry.task, name: waiter.name, since: now(), position: position)
    return [waiter.call]
  }

  private func waiter(
    _ entry: EnvironmentEntry, _ environment: OpenEnvironment, _ target: DeployTarget
  ) async throws -> EnvironmentWaiter {
    if let added = environment.added[entry] { return added }
    let path = NodeMap.environment(target) / entry.name
    guard let node = try await session.read(path) else {
      throw CoordinationError(.badVersion, path: path, message: "the environment has moved on")
    }
    return try JSONBytes.decode(EnvironmentWaiter.self, from: node.data)
  }

  private func checkRoom(_ environment: OpenEnvironment, _ target: DeployTarget) throws {
    guard environment.waiting.count < Self.mostWaiting else { throw EnvironmentFull(environment: target) }
  }

  /// What makes all that true, provided that no environment has changed meanwhile.
  package var changes: [Change] {
    get throws {
      try environments.sorted { $0.key < $1.key }.filter(\.value.isChanged).flatMap { try changes(of: $1, at: $0) }
    }
  }

  private func changes(of environment: OpenEnvironment, at target: DeployTarget) throws -> [Change] {
    let path = NodeMap.environment(target)
    let isOver = environment.record.holder == nil && environment.waiting.isEmpty
    var record = environment.record
    record.emptied = isOver ? now() : nil
    let data = try JSONBytes.encode(record)
    let additions = try environment.added.sorted { $0.key.name < $1.key.name }.map { entry, waiter in
      Change.create(path / entry.name, try JSONBytes.encode(waiter), .persistent)
    }
    guard let version = environment.version else { return [.create(path, data, .persistent)] + additions }
    let removals = environment.removed.map { Change.delete(path / $0.name, expecting: nil) }
    return [.write(path, data, expecting: version)] + removals + additions
  }

  private func open(_ target: DeployTarget, _ first: () async throws -> Int) async throws -> OpenEnvironment {
    if let known = try await openExisting(target) { return known }
    return OpenEnvironment(record: EnvironmentRecord(next: try await first()), version: nil, waiting: [])
  }

  private func openExisting(_ target: DeployTarget) async throws -> OpenEnvironment? {
    if let known = environments[target] { return known }
    let path = NodeMap.environment(target)
    guard let node = try await session.read(path) else { return nil }
    return OpenEnvironment(
      record: try JSONBytes.decode(EnvironmentRecord.self, from: node.data), version: node.version,
      waiting: (try await session.children(of: path) ?? []).compactMap(EnvironmentEntry.init))
  }
}

/// As many tasks wait at an environment as may.
package struct EnvironmentFull: Error {
  package let environment: DeployTarget
}
