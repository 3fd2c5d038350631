import Foundation
import Glibc

@testable import ZooKeeperCoordination

/// Stands between a client and one server, and knows enough of their protocol (frames with their length in front) to lose a
/// connection exactly before or after a transaction.
final class ServerProxy: Sendable {
  /// What becomes of a transaction.
  enum Fault: CaseIterable {
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
    var chooseFault: @Sendable () -> Fault = { .none }
    var credentials: [UInt8] = []
  }

  let port: UInt16
  let gate = ProxyGate()
  private let listener: Int32
  private let state = Locked(State())

  init(serverPort: UInt16) throws {
    (listener, port) = try TCP.listen()
    Thread.detachNewThread { self.accept(serverPort) }
  }

  /// Connections made so far.
  var accepted: Int { state.withLock { $0.accepted } }

  var isConnected: Bool { state.withLock { $0.connections.contains { !$0.isCut } } }

  /// The id and password of the last session that was opened or found again, as they stand in the protocol.
  var credentials: [UInt8] { state.withLock { $0.credentials } }

  func count(of fault: Fault) -> Int { state.withLock { $0.faults[fault] ?? 0 } }

  /// - Parameter choose: asked for every transaction.
  func injectFaults(_ choose: @escaping @Sendable () -> Fault) {
    state.withLock { $0.chooseFault = choose }
  }

  /// Loses every connection. The client may come back at once.
  func cut() {
    for connection in state.withLock({ $0.connections.filter { !$0.isCut } }) { connection.cut() }
  }

  /// Loses every connection, and the next ones too, or no longer.
  func refuse(_ isRefusing: Bool) {
    state.withLock { $0.isRefusing = isRefusing }
    if isRefusing { cut() }
  }

  func stop() {
    refuse(true)
    gate.open()
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

  func nextFault() -> Fault {
    let fault = state.withLock { $0.chooseFault }()
    state.withLock { $0.faults[fault, default: 0] += 1 }
    return fault
  }

  func sessionGranted(_ credentials: [UInt8]) {
    state.withLock { $0.credentials = credentials }
  }
}
