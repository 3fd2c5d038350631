import Foundation
import Glibc
import ObjectStorage

/// Stands between a client and one server, and knows enough of their protocol (frames with their length in front) to lose a
/// connection exactly before or after a transaction.
package final class ServerProxy: Sendable {
  /// What becomes of a transaction.
  package enum Fault: CaseIterable, Sendable {
    case none
    /// The connection is lost before the server sees it.
    case loseRequest
    /// It is made, and the connection is lost before the client hears of it.
    case loseResponse
  }

  private struct State {
    var connections: [ProxiedConnection] = []
    var isRefusing = false
    var accepted = 0
    var faults: [Fault: Int] = [:]
    var chooseFault: @Sendable (MultiRequest) -> Fault = { _ in .none }
    var credentials: [UInt8] = []
  }

  package let port: UInt16
  /// What clients ask passes here, and what servers answer passes the other.
  package let requests = ProxyGate()
  package let answers = ProxyGate()
  private let listener: Int32
  private let state = Locked(State())

  package init(serverPort: UInt16) throws {
    (listener, port) = try TCP.listen()
    Thread.detachNewThread { self.accept(serverPort) }
  }

  /// Connections made so far.
  package var accepted: Int { state.withLock { $0.accepted } }

  package var isConnected: Bool { state.withLock { $0.connections.contains { !$0.isCut } } }

  /// The id and password of the last session that was opened or found again, as they stand in the protocol.
  package var credentials: [UInt8] { state.withLock { $0.credentials } }

  package func count(of fault: Fault) -> Int { state.withLock { $0.faults[fault] ?? 0 } }

  /// - Parameter choose: asked for every transaction.
  package func injectFaults(_ choose: @escaping @Sendable (MultiRequest) -> Fault) {
    state.withLock { $0.chooseFault = choose }
  }

  /// Connections that are open now.
  package var connections: Int { state.withLock { $0.connections.count { !$0.isCut } } }

  /// Loses every connection. The client may come back at once.
  package func cut() {
    for connection in state.withLock({ $0.connections.filter { !$0.isCut } }) { connection.cut() }
  }

  /// Loses every connection, and the next ones too, or no longer.
  package func refuse(_ isRefusing: Bool) {
    state.withLock { $0.isRefusing = isRefusing }
    if isRefusing { cut() }
  }

  /// Swallows everything, or no longer.
  package func swallow(_ isSilent: Bool) {
    for gate in [requests, answers] { isSilent ? gate.close() : gate.open() }
  }

  package func stop() {
    refuse(true)
    swallow(false)
    shutdown(listener, Int32(SHUT_RDWR))
  }

  private func accept(_ serverPort: UInt16) {
    while let client = TCP.accept(listener) {
      guard !state.withLock({ $0.isRefusing }), let server = TCP.connect(serverPort) else {
        close(client)
        continue
      }
      let connection = ProxiedConnection(self, client: client, server: server)
      let isRefusing = state.withLock { state in
        state.accepted += 1
        state.connections = state.connections.filter { !$0.isCut } + [connection]
        return state.isRefusing
      }
      if isRefusing { connection.cut() }
      connection.start()
    }
    close(listener)
  }

  func nextFault(_ request: MultiRequest) -> Fault {
    let fault = state.withLock { $0.chooseFault }(request)
    state.withLock { $0.faults[fault, default: 0] += 1 }
    return fault
  }

  func sessionGranted(_ credentials: [UInt8]) {
    state.withLock { $0.credentials = credentials }
  }
}
