import Coordination
import GRDB
import LocalThreads
import SQLiteQueries
import Synchronization

/// The store while this process has it open: the database, what is watched, and the sessions of this process.
final class OpenStore: Sendable {
  let watches: WatchIndex
  /// Also knows the newest commit whose changes the watches know.
  let remembered: RememberedNodes
  private let database: DatabasePool
  /// For what sessions read.
  private let readers: Readers
  /// For the thread that hears of commits, which nobody shall keep waiting.
  private let listener: DatabaseQueue
  private let writer: GroupCommitter
  private let liveness: SessionFolder
  private let events: FolderEvents
  /// Whoever was just dying when the store was opened is seen a moment later.
  private let suspicion = Mutex(Suspicion(looksAtAll: 1))
  private let sessions = Mutex<[SessionID: WeakSession]>([:])

  private struct WeakSession {
    weak var session: SQLiteSession?
  }

  /// Opens the folder, buries the sessions that died while nobody looked, and listens from then on. Blocks.
  init(folder: String) throws {
    liveness = try SessionFolder(inside: folder)
    events = try FolderEvents(of: liveness.path)
    database = try DatabaseFile.open(inFolder: folder)
    readers = try Readers(folder: folder)
    listener = try DatabaseFile.openReader(inFolder: folder)
    remembered = try Self.translated { [database] in
      try database.writeWithoutTransaction { try Self.remembered(of: $0, inFolder: folder) }
    }
    watches = WatchIndex()
    writer = GroupCommitter(database: database, remembered: remembered)
    writer.committed = { [weak self] in self?.announce($0) }
    try writer.performAndWait(Burial(of: nil, in: liveness))
    listen()
  }

  private static func remembered(of database: Database, inFolder folder: String) throws -> RememberedNodes {
    let beacon = try CommitBeacon(inFolder: folder)
    var newest: Int64 = 0
    try database.inImmediateTransaction {
      newest = try CommitRing(database: database).newest()
      beacon.reset(toNewest: newest)
      return .rollback
    }
    return RememberedNodes(beacon, newest: newest)
  }

  deinit {
    events.stop()
  }

  /// Ends every session of this process, and listens no more.
  func close() async {
    for session in sessions.withLock({ $0.values.compactMap(\.session) }) { await session.close() }
    await events.finish()
  }

  // MARK: Reading

  /// Reads what every commit holds that any process was told of before the call.
  ///
  /// - Parameter body: makes one query; several would not see the same state.
  func read<Result: Sendable>(_ body: @escaping @Sendable (NodeTable) throws -> Result) async throws -> Result {
    if StoreThreads.isCurrent {
      return try Self.translated {
        try readers.withReader { try $0.inDatabase { try body(NodeTable(database: $0)) } }
      }
    }
    return try await withCheckedThrowingContinuation { continuation in
      // Despite its name this neither writes nor could: the connection is read-only.
      readers.first.asyncWriteWithoutTransaction { database in
        continuation.resume(
          with: Swift.Result { try Self.translated { try body(NodeTable(database: database)) } })
      }
    }
  }

  private static func translated<Result>(_ body: () throws -> Result) throws -> Result {
    do {
      return try body()
    } catch let error as DatabaseError {
      throw CoordinationError(error)
    }
  }

  // MARK: Writing

  /// Returns when the work is committed, or throws why it is not. Not stopped by cancellation.
  func write<Result: Sendable>(
    _ body: @escaping @Sendable (inout WriteTransaction) throws -> Result
  ) async throws -> Result {
    try await withCheckedThrowingContinuation { continuation in
      writer.submit(ContinuationJob(body: body, continuation: continuation))
    }
  }

  private func announce(_ commit: Commit) {
    watches.mark(commit.changes)
    liveness.ring()
  }

  // MARK: Sessions

  func openSession() async throws -> SQLiteSession {
    let (id, life) = try await write { [liveness] transaction in
      let id = try transaction.sessions.nextID()
      let life = try liveness.begin(id)
      try transaction.sessions.insert(id)
      return (id, life)
    }
    let session = SQLiteSession(id: id, life: life, store: self)
    sessions.withLock {
      $0 = $0.filter { $0.value.session != nil }
      $0[id] = WeakSession(session: session)
    }
    return session
  }

  /// Deletes what a session of this process leaves behind. Where that cannot be done now, closing its life file lets the
  /// first process that can do it.
  func end(_ id: SessionID, life: FileLock) async {
    sessions.withLock { _ = $0.removeValue(forKey: id) }
    watches.finish(id)
    let done: ()? = try? await write { try $0.endSession(id) }
    if done != nil { liveness.remove(id) }
    life.release()
  }

  // MARK: Listening

  private func listen() {
    events.listen(named: "coordination-events") { [weak self] batch in
      guard let self else { return true }
      return self.handle(batch)
    }
  }

  /// Answers whether everything that the events asked for is done.
  private func handle(_ batch: FolderEvents.Batch) -> Bool {
    if batch.isEnd {
      for session in sessions.withLock({ $0.values.compactMap(\.session) }) { session.lost() }
      return true
    }
    suspicion.withLock { suspicion in
      suspicion.add(batch.names.compactMap(SessionFolder.session(of:)))
      if batch.overflowed { suspicion.addAll() }
    }
    do {
      try catchUp()
      if let look = suspicion.withLock({ $0.look(isPauseOver: batch.isPauseOver) }) {
        let held = try bury(look)
        suspicion.withLock { $0.settle(look, held: held, now: .now) }
        // Whoever was quicker may have died before it could ring.
        try catchUp()
      }
      return suspicion.withLock { $0.isEmpty }
    } catch {
      return false
    }
  }

  /// Marks what other processes have changed since the last time.
  private func catchUp() throws {
    // Whoever begins to watch from here on reads what is there already. And most often the bell was rung by this very process,
    // and there is nothing new.
    let (last, told) = (remembered.known, remembered.newest)
    guard watches.count > 0, told != last else { return }
    let (newest, changes) = try listener.inDatabase { try CommitRing(database: $0).changes(since: last, upTo: told) }
    guard newest > last else { return }
    remembered.learn(changes, upTo: newest)
    watches.mark(changes)
  }

  /// Answers with those whose lock is held.
  private func bury(_ look: Suspicion.Look) throws -> Set<SessionID> {
    var suspects: [SessionID]?
    if case .at(let sessions) = look {
      suspects = Array(sessions)
      let isAnyThere = try database.read { try SessionTable(database: $0).containsAny(of: Array(sessions)) }
      guard isAnyThere else { return [] }
    }
    let burial = Burial(of: suspects, in: liveness)
    try writer.performAndWait(burial)
    return burial.held
  }
}
