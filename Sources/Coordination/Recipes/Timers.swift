package import Model

/// Tickets to be posted at a time, kept in the tree, so that no process need live until then.
///
/// Whoever makes something wait sets the timer in the very transaction that stores the waiting, with ``setting(_:)``; one
/// process, which holds the role of recovery, fires what is due with ``fireDue()``: the timer goes and its ticket comes in
/// one transaction, so each fires once however many try. What fell due while nobody was there fires when somebody is. Times
/// are those of the hosts' wall clocks: where two differ, a timer fires that much late or early, and nothing else happens.
///
/// The list is cut in buckets, each named after a time and holding timers of no earlier one. Each timer set also writes the node above the buckets, so that one watch on it
/// is all that the holder of the role waits for.
package struct Timers: Sendable {
  private let session: any CoordinationSession
  private let poster: TicketPoster
  private let now: @Sendable () -> Timestamp

  package init(session: any CoordinationSession, now: @escaping @Sendable () -> Timestamp) {
    self.session = session
    self.now = now
    poster = TicketPoster(session: session, now: now)
  }

  /// The changes that set timers. When one of them fails because somebody else has changed the buckets, ask again.
  package func setting(_ timers: [Timer]) async throws -> [Change] {
    guard !timers.isEmpty else { return [] }
    var chain = try await chain()
    var changes: [Change] = [.write(NodeMap.timers, [], expecting: nil)]
    for timer in timers { changes += try await chain.place(timer, session) }
    return changes
  }

  /// The changes that take timers back; none for those that have fired. When one of them fails because its timer has fired
  /// meanwhile, ask again.
  package func clearing(_ timers: [Timer]) async throws -> [Change] {
    guard !timers.isEmpty else { return [] }
    let buckets = try await session.children(of: NodeMap.timers) ?? []
    var changes: [Change] = []
    for timer in timers {
      // It stands in the last bucket that begins before it, or in an earlier one when buckets were opened since.
      for bucket in buckets.filter({ $0 <= timer.name }).reversed() {
        guard try await session.read(NodeMap.timers / bucket / timer.name) != nil else { continue }
        changes.append(.delete(NodeMap.timers / bucket / timer.name, expecting: nil))
        break
      }
    }
    return changes
  }

  /// Fires every timer whose time has come, the earliest first.
  ///
  /// - Returns: when the next one falls due; `nil` when none is set.
  package func fireDue() async throws -> Timestamp? {
    while let (path, due) = try await earliest() {
      guard due <= now() else { return due }
      guard let node = try await session.read(path) else { continue }
      try await fire(try JSONBytes.decode(Timer.self, from: node.data), at: path)
    }
    return nil
  }

  private func fire(_ timer: Timer, at path: NodePath) async throws {
    do {
      try await poster.post([timer.ticket], with: [.delete(path, expecting: nil)]) {
        try await session.read(path) == nil
      }
    } catch let error as CoordinationError where error.isOvertaken && error.changeIndex == 0 {
      // Somebody else has fired it, or taken it back.
      return
    }
  }

  /// The timer that falls due first. Empty buckets on the way are removed.
  private func earliest() async throws -> (NodePath, Timestamp)? {
    var earliest: NodePath?
    for bucket in try await session.children(of: NodeMap.timers) ?? [] {
      // What follows holds only later ones.
      if let earliest, earliest.name < bucket { break }
      guard let first = try await session.children(of: NodeMap.timers / bucket)?.first else {
        try await removeEmpty(bucket)
        continue
      }
      if earliest.map({ first < $0.name }) ?? true { earliest = NodeMap.timers / bucket / first }
    }
    guard let earliest, let due = Timer.due(ofName: earliest.name) else { return nil }
    return (earliest, due)
  }

  private func removeEmpty(_ bucket: String) async throws {
    do {
      try await session.delete(NodeMap.timers / bucket)
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return
    }
  }

  private func chain() async throws -> TimerChain {
    if let buckets = try await session.children(of: NodeMap.timers) { return TimerChain(buckets, now()) }
    try await session.createAll(NodeMap.timers)
    return TimerChain([], now())
  }
}

/// Where new timers go: the last bucket that begins before them, while it has room. A full one is followed by another that
/// begins half-way between its beginning and the timer, so that there are few buckets in whatever order timers come.
private struct TimerChain {
  /// Sorted.
  private var buckets: [String]
  private var counts: [String: Int] = [:]
  private let now: Timestamp

  init(_ buckets: [String], _ now: Timestamp) {
    self.buckets = buckets
    self.now = now
  }

  mutating func place(_ timer: Timer, _ session: any CoordinationSession) async throws -> [Change] {
    let data = try JSONBytes.encode(timer)
    let last = buckets.last { $0 <= timer.name }
    if let last {
      let path = NodeMap.timers / last
      let count = if let known = counts[last] { known } else { try await session.read(path)?.childCount ?? 0 }
      counts[last] = count + 1
      if count < NodeMap.bucketSize { return [.create(path / timer.name, data, .persistent)] }
    }
    let name = beginning(after: last, for: timer)
    buckets.append(name)
    buckets.sort()
    counts[name] = 1
    let path = NodeMap.timers / name
    return [.create(path, [], .persistent), .create(path / timer.name, data, .persistent)]
  }

  private func beginning(after full: String?, for timer: Timer) -> String {
    guard let full else { return Timer.name(of: min(now, timer.due)) }
    let start = max(Timer.due(ofName: full) ?? now, min(now, timer.due))
    let middle = Timestamp(milliseconds: start.milliseconds + (timer.due.milliseconds - start.milliseconds) / 2)
    // Many are due at the very same time: then only their names tell them apart.
    return Timer.name(of: middle) > full ? Timer.name(of: middle) : timer.name
  }
}
