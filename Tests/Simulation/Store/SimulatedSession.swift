package import Coordination

/// The client's side of a session.
package final class SimulatedSession: CoordinationSession, @unchecked Sendable {
  private enum State {
    case away
    case connected(Connection)
    case ended
  }

  package let id: SessionID
  let process: SimulatedProcess
  let ensemble: Ensemble

  // What the store knows of it.
  var isAlive = true
  var served: Connection?
  /// One more with every connection.
  var epoch = 0

  // What the client knows.
  private var state = State.away
  private var absence = 0
  private(set) var seen = 0
  private var underWay: [Request] = []
  private var waiting: [Request] = []
  private var signals: [Int: WatchSignal] = [:]
  private var lastToken = 0
  private let open = Reply<Void>()
  private var enders: [Reply<Void>] = []

  init(_ id: SessionID, _ process: SimulatedProcess, _ ensemble: Ensemble) {
    self.id = id
    self.process = process
    self.ensemble = ensemble
  }

  static var over: CoordinationError { CoordinationError(.sessionEnded, message: "the session is over; open another") }

  package var timeout: Duration { .microseconds(ensemble.network.sessionTimeout) }

  package var isOver: Bool { if case .ended = state { true } else { false } }

  // MARK: Operations

  package func read(_ path: NodePath) async throws -> Node? { try await node(at: path, watch: nil) }

  package func children(of path: NodePath) async throws -> [String]? { try await names(below: path, watch: nil) }

  package func transaction(_ changes: [Change]) async throws {
    try CoordinationLimits.check(changes)
    guard !changes.isEmpty else {
      if isOver { throw SimulatedSession.over }
      return
    }
    _ = try await ask(.transaction(changes))
  }

  package func synchronize() async throws { _ = try await ask(.synchronize) }

  package func watch(_ path: NodePath) -> AsyncThrowingStream<Node?, any Error> {
    let watch = SimulatedWatch<Node?>(self) {
      $0?.created == $1?.created && $0?.version == $1?.version
    } read: { session, token in
      try await session.node(at: path, watch: token)
    }
    return AsyncThrowingStream { try await watch.next() }
  }

  package func watchChildren(of path: NodePath) -> AsyncThrowingStream<[String]?, any Error> {
    let watch = SimulatedWatch<[String]?>(self) { _, _ in
      false
    } read: { session, token in
      try await session.names(below: path, watch: token)
    }
    return AsyncThrowingStream { try await watch.next() }
  }

  package func ended() async {
    guard !isOver else { return }
    let ended = Reply<Void>()
    enders.append(ended)
    do { try await ended.valueUnlessCancelled() } catch { return }
  }

  package func close() async {
    guard !isOver else { return }
    let request = Request(.close)
    if case .connected(let connection) = state {
      ensemble.send(request, over: connection)
    } else {
      request.reply.give(.success(.done))
    }
    end()
    ensemble.world.pump()
    // The answer comes by the connection, or not at all: whoever closes does not wait for ever.
    let (world, process) = (ensemble.world, process)
    world.deliver(to: process, after: 1_000_000) { request.reply.give(.success(.done)) }
    world.pump()
    do { _ = try await request.reply.value() } catch { return }
  }

  fileprivate func node(at path: NodePath, watch token: Int?) async throws -> Node? {
    guard case .node(let node) = try await ask(.node(path, watch: token)) else { return nil }
    return node
  }

  fileprivate func names(below path: NodePath, watch token: Int?) async throws -> [String]? {
    guard case .names(let names) = try await ask(.children(path, watch: token)) else { return nil }
    return names
  }

  private func ask(_ question: Request.Question) async throws -> Request.Answer {
    let request = Request(question)
    switch state {
    case .ended: throw SimulatedSession.over
    case .away: waiting.append(request)
    case .connected(let connection): send(request, connection)
    }
    ensemble.world.pump()
    return request.isRepeatable ? try await request.reply.valueUnlessCancelled() : try await request.reply.value()
  }

  private func send(_ request: Request, _ connection: Connection) {
    underWay.append(request)
    ensemble.send(request, over: connection)
  }

  // MARK: What the connection brings

  /// Ends a session that has never been connected.
  func giveUp(after patience: Int) {
    ensemble.world.deliver(to: process, after: patience) { [self] in if absence == 0 { end() } }
  }

  func opened() async throws { try await open.valueUnlessCancelled() }

  func tryAgain() {
    guard case .away = state else { return }
    let (ensemble, session) = (ensemble, self)
    ensemble.world.schedule(after: ensemble.latency()) { ensemble.connect(session) }
  }

  func connected(_ connection: Connection) {
    // The client has given up in the meantime.
    guard case .away = state else { return ensemble.silent(self) }
    state = .connected(connection)
    absence += 1
    ensemble.world.note(process.name, "is connected as \(id)")
    open.give(.success(()))
    let again = waiting
    waiting = []
    for request in again { send(request, connection) }
    // It may have been cut before the client ever heard of it.
    if !connection.isOpen {
      ensemble.world.deliver(to: process, after: ensemble.duration(ensemble.network.notice)) { [self] in
        lost(connection)
      }
    }
    for token in signals.keys.sorted() { signals[token]?.raise() }
  }

  func lost(_ connection: Connection) {
    guard case .connected(let present) = state, present === connection else { return }
    ensemble.world.note(process.name, "has lost its connection")
    state = .away
    absence += 1
    let lost = underWay
    underWay = []
    for request in lost {
      if request.isRepeatable {
        waiting.append(request)
      } else {
        request.reply.give(.failure(CoordinationError(.outcomeUnknown, message: "the connection was lost")))
      }
    }
    // The store cannot tell a client that is cut off that its session has ended: it must know by itself.
    let absence = absence
    ensemble.world.deliver(to: process, after: ensemble.network.sessionTimeout * 11 / 10) { [self] in
      if self.absence == absence { end() }
    }
    ensemble.world.deliver(to: process, after: ensemble.duration(ensemble.network.reconnect)) { [self] in tryAgain() }
  }

  func answered(
    _ request: Request, _ result: Result<Request.Answer, any Error>, seen: Int, over connection: Connection
  ) {
    guard case .connected(let present) = state, present === connection else { return }
    self.seen = max(self.seen, seen)
    underWay.removeAll { $0 === request }
    request.reply.give(result)
  }

  func raise(_ token: Int, over connection: Connection) {
    guard case .connected(let present) = state, present === connection else { return }
    signals[token]?.raise()
  }

  func end() {
    guard !isOver else { return }
    ensemble.world.note(process.name, "knows that session \(id) is over")
    state = .ended
    absence += 1
    // The store knows of a session from its first connection on.
    if served == nil { ensemble.expire(self) }
    for request in underWay + waiting {
      let error =
        request.isRepeatable || waiting.contains { $0 === request }
        ? SimulatedSession.over : CoordinationError(.outcomeUnknown, message: "the session was closed")
      request.reply.give(.failure(error))
    }
    underWay = []
    waiting = []
    open.give(.failure(CoordinationError(.unavailable, message: "no server answers")))
    for token in signals.keys.sorted() { signals[token]?.raise() }
    for ender in enders { ender.give(.success(())) }
    enders = []
  }

  fileprivate func newSignal() -> (Int, WatchSignal) {
    lastToken += 1
    let signal = WatchSignal()
    signals[lastToken] = signal
    return (lastToken, signal)
  }

  fileprivate func removeSignal(_ token: Int) { signals[token] = nil }
}

/// Tells one watch that what it last saw may be out of date. Raised from the beginning, because it has seen nothing yet.
final class WatchSignal {
  private var isRaised = true
  private var waiter: Reply<Void>?

  func raise() {
    isRaised = true
    waiter?.give(.success(()))
    waiter = nil
  }

  /// Returns when the signal is or becomes raised, and lowers it.
  func wait() async throws {
    if !isRaised {
      let reply = Reply<Void>()
      waiter = reply
      try await reply.valueUnlessCancelled()
    }
    isRaised = false
  }
}

/// A level-triggered watch, made of one-shot ones: reads when something may have changed, setting the watch anew.
private final class SimulatedWatch<Value: Sendable>: @unchecked Sendable {
  private let session: SimulatedSession
  private let token: Int
  private let signal: WatchSignal
  private var last: Value?
  private let isSame: @Sendable (Value, Value) -> Bool
  private let read: @Sendable (SimulatedSession, _ token: Int) async throws -> Value

  init(
    _ session: SimulatedSession, isSame: @escaping @Sendable (Value, Value) -> Bool,
    read: @escaping @Sendable (SimulatedSession, _ token: Int) async throws -> Value
  ) {
    self.session = session
    self.isSame = isSame
    self.read = read
    (token, signal) = session.newSignal()
  }

  deinit { session.removeSignal(token) }

  /// The next news; `nil` when the task is cancelled.
  func next() async throws -> Value? {
    do {
      while true {
        try await signal.wait()
        try Task.checkCancellation()
        let value = try await read(session, token)
        if let last, isSame(last, value) { continue }
        last = value
        return value
      }
    } catch is CancellationError {
      return nil
    }
  }
}
