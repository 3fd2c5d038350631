package import Coordination
package import Model
package import ObjectStorage

/// All state of the system, through one session: the only place that knows what is stored where. A session has an end; take
/// a new repository then, from a ``RepositoryConnection``.
package struct SharedRepository: Sendable {
  package let session: any CoordinationSession
  package let objects: any ObjectStore
  /// The wall clock.
  package let now: @Sendable () -> Timestamp
  package let poster: TicketPoster
  /// What this process remembers of the queues and idle lists.
  package let hints: DispatchHints
  let jobCache: JobCache
  let planCache: PlanCache
  let pageCache: PageCache
  let durationCache: DurationCache
  let testCache: TestCache
  let turns: Turns
  let recentBuilds = RecentBuilds()
  let waitingStarts: WaitingStarts
  let firstQueues = FirstQueues()

  package init(
    session: any CoordinationSession, objects: any ObjectStore, now: @escaping @Sendable () -> Timestamp,
    jobCache: JobCache = JobCache(), planCache: PlanCache = PlanCache(), pageCache: PageCache = PageCache(),
    durationCache: DurationCache = DurationCache(), testCache: TestCache = TestCache(), turns: Turns = Turns(),
    hints: DispatchHints = DispatchHints()
  ) {
    self.session = session
    self.objects = objects
    self.now = now
    self.jobCache = jobCache
    self.planCache = planCache
    self.pageCache = pageCache
    self.durationCache = durationCache
    self.testCache = testCache
    self.turns = turns
    waitingStarts = turns.starts
    self.hints = hints
    poster = TicketPoster(session: session, hints: hints, now: now)
  }

  /// Makes sure that the stores have the format of this program, writing it where there is none yet.
  ///
  /// - Throws: ``RepositoryError`` when another version of the program wrote the stores.
  package func open() async throws {
    let expected = Array(String(NodeMap.formatVersion).utf8)
    while true {
      if let node = try await session.read(NodeMap.format) {
        let found = node.data
        guard found != expected else { return }
        if found == Array(String(NodeMap.earlierVersion).utf8) {
          try await takeOver(node, as: expected)
          continue
        }
        throw RepositoryError(
          .conflict,
          "the stores have format \(String(decoding: found.prefix(20), as: UTF8.self)), not "
            + "\(NodeMap.formatVersion)", remedy: "run the version of distci that wrote them, or use other stores")
      }
      do {
        // A coordination store that is empty may have been wiped: what was paused stays so.
        try await session.transaction(try await restoringPauses() + [.create(NodeMap.format, expected, .persistent)])
      } catch let error as CoordinationError where error.code == .nodeExists || error.code == .outcomeUnknown {
        continue
      }
    }
  }

  /// Keeps programs of the earlier version, which would misread what this one writes, from opening the stores.
  private func takeOver(_ node: Node, as version: [UInt8]) async throws {
    do {
      try await session.write(NodeMap.format, version, expecting: node.version)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      try await session.synchronize()
    }
  }

  /// Returns when both stores have answered a read.
  ///
  /// - Throws: what a store answers when it is not well.
  package func checkStores() async throws {
    _ = try await session.read(NodeMap.format)
    _ = try await objects.entries(in: ObjectMap.jobs, after: "", limit: 1)
  }
}
