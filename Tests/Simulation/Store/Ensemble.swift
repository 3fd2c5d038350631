package import Coordination

/// The servers of a coordination store: a leader that puts all writes in one order, and replicas that follow in their own
/// time, as in ZooKeeper.
package final class Ensemble: @unchecked Sendable {
  package let world: World
  package var network: Network
  package private(set) var tree = Tree()
  private var replicas = (0..<3).map { Replica(number: $0) }
  private var log: [[String: Tree.Touched]] = []
  private var lastSession: Int64 = 0x1_0000
  private(set) var sessions: [SimulatedSession] = []
  /// While true, nobody gets a connection.
  package var isAway = false
  /// Told of every transaction that was made, with the nodes that it touched.
  package var committed: ((_ touched: [String: Tree.Touched], _ by: String) -> Void)?

  /// How much longer than others a transaction is on its way to the server.
  package var holdUp: (_ changes: [Change]) -> Int = { _ in 0 }

  package init(_ world: World, network: Network = Network()) {
    self.world = world
    self.network = network
  }

  package func store(for process: SimulatedProcess) -> any CoordinationStore {
    SimulatedStore(ensemble: self, process: process)
  }

  func latency() -> Int { duration(network.latency) }

  func duration(_ range: ClosedRange<Int>) -> Int {
    let duration = world.random.pick(range)
    return network.slowPermille > 0 && world.random.chance(network.slowPermille)
      ? duration * world.random.pick(2...100) : duration
  }

  // MARK: Sessions

  func open(for process: SimulatedProcess) -> SimulatedSession {
    lastSession += 1
    let session = SimulatedSession(SessionID(rawValue: lastSession), process, self)
    sessions.append(session)
    process.whenGone { [unowned self] in silent(session) }
    process.whenStopped { [unowned self] in
      let stopped = process.stoppedAt
      world.schedule(after: patience()) { [unowned self] in
        if !process.isRunning, process.stoppedAt == stopped { expire(session) }
      }
    }
    return session
  }

  private func patience() -> Int { network.sessionTimeout + world.random.pick(0...500_000) }

  /// A client has fallen silent: the store waits for its timeout.
  func silent(_ session: SimulatedSession) {
    if let connection = session.served { drop(connection) }
    let epoch = session.epoch
    world.schedule(after: patience()) { [unowned self] in
      if session.epoch == epoch, session.served?.isOpen != true { expire(session) }
    }
  }

  /// Cuts the connection of a session. What was under way may have been done, or be done still, or not.
  package func cut(_ session: SimulatedSession) {
    guard session.isAlive, let connection = session.served, connection.isOpen else { return }
    world.note("store", "loses the connection of \(session.id)")
    silent(session)
    world.deliver(to: session.process, after: duration(network.notice)) { session.lost(connection) }
  }

  private func drop(_ connection: Connection) {
    guard connection.isOpen else { return }
    connection.isOpen = false
    connection.replica.forget(connection)
    // A part of what was on its way arrives nevertheless, some of it later.
    let pending = connection.queue + connection.coming
    connection.queue = []
    connection.coming = []
    var delay = 0
    for request in pending {
      guard world.random.chance(400) else { break }
      delay += world.random.pick(0...1_000_000)
      world.schedule(after: delay) { [unowned self] in lead(request, of: connection) }
    }
  }

  /// Ends a session at the store. Its client learns of it when it asks.
  package func expire(_ session: SimulatedSession) {
    guard session.isAlive else { return }
    session.isAlive = false
    if let connection = session.served, connection.isOpen {
      drop(connection)
      world.deliver(to: session.process, after: duration(network.notice)) { session.lost(connection) }
    }
    world.note("store", "ends session \(session.id)")
    append(tree.end(session.id), "session \(session.id)")
  }

  /// A client wants to be connected, to go on with its session.
  func connect(_ session: SimulatedSession) {
    guard !isAway, !session.process.isGone else {
      world.deliver(to: session.process, after: duration(network.reconnect)) { session.tryAgain() }
      return
    }
    guard session.isAlive else {
      world.deliver(to: session.process, after: latency()) { session.end() }
      return
    }
    session.epoch += 1
    let epoch = session.epoch
    let connection = Connection(session, replicas[world.random.below(replicas.count)])
    session.served = connection
    // A server that is behind what the client has seen does not take it.
    connection.replica.whenApplied(session.seen) { [unowned self] in
      guard session.epoch == epoch, connection.isOpen else { return }
      world.deliver(to: session.process, after: latency()) { session.connected(connection) }
    }
  }

  // MARK: Requests

  func send(_ request: Request, over connection: Connection) {
    var latency = latency()
    if case .transaction(let changes) = request.question { latency += holdUp(changes) }
    connection.lastUp = max(connection.lastUp, world.now + latency)
    connection.coming.append(request)
    world.schedule(after: connection.lastUp - world.now) { [unowned self] in
      guard connection.isOpen else { return }
      connection.coming.removeAll { $0 === request }
      connection.queue.append(request)
      serve(connection)
    }
  }

  private func serve(_ connection: Connection) {
    while connection.isOpen, connection.current == nil, !connection.queue.isEmpty {
      let request = connection.queue.removeFirst()
      let replica = connection.replica
      switch request.question {
      case .node(let path, let token):
        if let token { replica.watchNode(path, .init(connection: connection, token: token)) }
        answer(request, .success(.node(replica.tree.node(path))), over: connection)
      case .children(let path, let token):
        if let token { replica.watchChildren(path, .init(connection: connection, token: token)) }
        answer(request, .success(.names(replica.tree.children(path))), over: connection)
      case .transaction, .synchronize, .close:
        connection.current = request
        world.schedule(after: latency()) { [unowned self] in lead(request, of: connection) }
      }
    }
  }

  /// What only the leader can do; the answer waits until the client's server has come so far.
  private func lead(_ request: Request, of connection: Connection) {
    let session = connection.session
    // A request that comes by an old connection after the session has moved on to a new one is refused.
    guard session.served === connection else { return }
    if case .transaction = request.question, network.cutPermille > 0, world.random.chance(network.cutPermille) {
      cut(session)
      // Else it is lost with its connection.
      guard world.random.chance(600) else { return }
    }
    let result: Result<Request.Answer, any Error>
    switch request.question {
    case .transaction(let changes): result = Result { try make(changes, for: session) }
    case .close:
      expire(session)
      return request.reply.give(.success(.done))
    default: result = .success(.done)
    }
    connection.replica.whenApplied(log.count) { [unowned self] in
      guard connection.isOpen else { return }
      answer(request, result, over: connection)
      connection.current = nil
      serve(connection)
    }
  }

  private func make(_ changes: [Change], for session: SimulatedSession) throws -> Request.Answer {
    guard session.isAlive else { throw SimulatedSession.over }
    if network.refusalPermille > 0, world.random.chance(network.refusalPermille) {
      throw CoordinationError(.unavailable, message: "the server has too much to do; try again")
    }
    do {
      let touched = try tree.make(changes, by: session.id, position: log.count + 1)
      world.note(session.process.name, "commits \(TraceText.of(changes))")
      append(touched, session.process.name)
      return .done
    } catch {
      world.note(session.process.name, "fails with \(error): \(TraceText.of(changes))")
      // Failures have their place in the order, too.
      append([:], session.process.name)
      throw error
    }
  }

  private func append(_ touched: [String: Tree.Touched], _ who: String) {
    log.append(touched)
    for path in touched.keys.sorted() { world.trace.mix(path) }
    for replica in replicas {
      replica.busyUntil = max(replica.busyUntil, world.now + duration(network.lag))
      world.schedule(after: replica.busyUntil - world.now) { [unowned self] in
        for watcher in replica.apply(log[replica.applied]) { raise(watcher) }
      }
    }
    if !touched.isEmpty { committed?(touched, who) }
  }

  // MARK: Answers

  private func answer(
    _ request: Request, _ result: Result<Request.Answer, any Error>, over connection: Connection
  ) {
    let seen = connection.replica.applied
    tell(connection) { $0.session.answered(request, result, seen: seen, over: $0) }
  }

  private func raise(_ watcher: Replica.Watcher) {
    guard watcher.connection.isOpen else { return }
    let token = watcher.token
    tell(watcher.connection) { $0.session.raise(token, over: $0) }
  }

  private func tell(_ connection: Connection, _ message: @escaping (Connection) -> Void) {
    connection.lastDown = max(connection.lastDown, world.now + latency())
    world.deliver(to: connection.session.process, after: connection.lastDown - world.now) { message(connection) }
  }
}
