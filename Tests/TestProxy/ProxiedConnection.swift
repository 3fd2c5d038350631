import Foundation
import Glibc
import ObjectStorage

/// One connection through a proxy, with a thread for each direction.
final class ProxiedConnection: Sendable {
  private struct State {
    var isCut = false
    var directions = 2
    /// The request whose answer the client must not get.
    var lostRequest: Int32?
  }

  private let proxy: ServerProxy
  private let client: Int32
  private let server: Int32
  private let state = Locked(State())

  init(_ proxy: ServerProxy, client: Int32, server: Int32) {
    self.proxy = proxy
    self.client = client
    self.server = server
  }

  var isCut: Bool { state.withLock { $0.isCut } }

  func start() {
    Thread.detachNewThread { self.pump(self.passRequests) }
    Thread.detachNewThread { self.pump(self.passAnswers) }
  }

  func cut() {
    state.withLock { state in
      // The numbers may name other files once both directions have closed them.
      guard !state.isCut, state.directions > 0 else { return }
      state.isCut = true
      shutdown(client, Int32(SHUT_RDWR))
      shutdown(server, Int32(SHUT_RDWR))
    }
  }

  private func pump(_ pass: () -> Void) {
    pass()
    cut()
    let isLast = state.withLock { state in
      state.directions -= 1
      return state.directions == 0
    }
    guard isLast else { return }
    close(client)
    close(server)
  }

  private func passRequests() {
    guard let connect = TCP.readFrame(client), forward(connect, to: server, proxy.requests) else { return }
    while let frame = TCP.readFrame(client) {
      if let request = MultiRequest(frame) {
        switch proxy.nextFault(request) {
        case .none: break
        case .loseRequest: return
        case .loseResponse: state.withLock { $0.lostRequest = frame.bigEndian(at: 0) }
        }
      }
      guard forward(frame, to: server, proxy.requests) else { return }
    }
  }

  private func passAnswers() {
    guard let connected = TCP.readFrame(server) else { return }
    // Protocol version and timeout, then the id and password of the session.
    proxy.sessionGranted(Array(connected[8..<36]))
    guard forward(connected, to: client, proxy.answers) else { return }
    while let frame = TCP.readFrame(server) {
      if frame.bigEndian(at: 0) == state.withLock({ $0.lostRequest }) { return }
      guard forward(frame, to: client, proxy.answers) else { return }
    }
  }

  private func forward(_ frame: [UInt8], to socket: Int32, _ gate: ProxyGate) -> Bool {
    gate.pass()
    return TCP.writeFrame(frame, to: socket)
  }
}
