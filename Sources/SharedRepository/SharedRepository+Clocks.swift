import Coordination
import Model
import ObjectStorage

/// What waits for the time is in line with the job files.
extension SharedRepository {
  /// The job as it is now; `nil` when there is none.
  func presentJob(_ name: JobName) async throws -> Job? {
    do {
      return try await job(name).job
    } catch let error as RepositoryError where error.code == .notFound {
      return nil
    }
  }

  /// Brings what waits for the time in line with the job's file, whichever that is by now.
  func settleClockTriggers(of name: JobName) async throws {
    try await settleSchedules(of: name)
    try await settlePolls(of: name)
  }

  /// Does so for every job: whoever applied or deleted one may have been lost before, and the coordination store may have
  /// been wiped.
  package func settleClockTriggers() async throws {
    var names = try await jobsWithClocks()
    for list in [NodeMap.schedules, NodeMap.polls] {
      names.formUnion(try await session.entries(inBucketsOf: list).compactMap { try? JobName($0.name) })
    }
    for name in names.sorted() { try await settleClockTriggers(of: name) }
  }

  private func jobsWithClocks() async throws -> Set<JobName> {
    var names: Set<JobName> = []
    var last = ObjectMap.clockPrefix
    while true {
      let entries = try await objects.entries(in: ObjectMap.jobs, after: last, limit: 1_000)
      let matching = entries.prefix { $0.key.hasPrefix(ObjectMap.clockPrefix) }
      names.formUnion(matching.compactMap { try? JobName(String($0.key.dropFirst(ObjectMap.clockPrefix.count))) })
      guard let next = matching.last, matching.count == 1_000 else { return names }
      last = next.key
    }
  }

  /// Makes a node what it should be, unless it is.
  ///
  /// - Parameters:
  ///   - list: the node that tells those who wait of every such change.
  ///   - wanted: its data, `nil` for no node at all, worked out after the node was read: whoever changes the job later finds
  ///     the node changed, too.
  /// - Returns: the data in whose place others are now, if any.
  @discardableResult
  func settle(
    _ path: NodePath, below list: NodePath, wanted: (Node?) async throws -> [UInt8]?
  ) async throws -> [UInt8]? {
    while true {
      let node = try await session.read(path)
      let data = try await wanted(node)
      guard data != node?.data else { return nil }
      let change: Change
      switch (data, node) {
      case (let data?, let node?): change = .write(path, data, expecting: node.version)
      case (let data?, nil): change = .create(path, data, .persistent)
      case (nil, let node?): change = .delete(path, expecting: node.version)
      case (nil, nil): return nil
      }
      do {
        try await session.transaction([change, .write(list, [], expecting: nil)])
        return node?.data
      } catch let error as CoordinationError where error.code == .noNode && node == nil {
        if let bucket = path.parent { try await session.createAll(bucket) }
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        try await session.synchronize()
      }
    }
  }
}

/// Builds of one job that are to be started in one transaction, together with a change that can be made only once.
struct StartBatch {
  private let repository: SharedRepository
  private let requestID = RequestID.make()
  private var numbers = BuildNumbers()
  private var groups: GroupBook
  private var builds: [PreparedBuild] = []

  init(repository: SharedRepository) {
    self.repository = repository
    groups = GroupBook(session: repository.session, now: repository.now)
  }

  /// Takes a build in.
  ///
  /// - Returns: why it cannot be started, in a sentence; then it leaves no trace.
  /// - Throws: what will pass, such as a store that cannot be reached.
  mutating func add(_ start: StartRequest) async throws -> String? {
    var (numbers, groups) = (numbers, groups)
    do {
      builds.append(try await repository.prepare(start, requestID: requestID, &numbers, &groups))
      (self.numbers, self.groups) = (numbers, groups)
      return nil
    } catch let error as RepositoryError where error.code != .unavailable && error.code != .noSpace {
      return error.description.bounded(to: 400)
    }
  }

  /// Starts them, and makes the change.
  ///
  /// - Parameter isMade: whether the change has been made, asked after a lost connection when there are no builds to tell it.
  /// - Returns: whether that was done; not so when somebody else was quicker, at the change or a number: read again then.
  @discardableResult
  func start(with change: Change, isMade: () async throws -> Bool) async throws -> Bool {
    do {
      let changes = [change] + (try numbers.changes + groups.changes) + builds.map(\.creation)
      try await repository.poster.post(builds.flatMap(\.tickets), with: changes) {
        guard let first = builds.first else { return try await isMade() }
        return try await repository.wasStarted(first.build, requestID, nil)
      }
      return true
    } catch let error as CoordinationError where error.isOvertaken {
      try await repository.makeRoom(error)
      return false
    }
  }
}
