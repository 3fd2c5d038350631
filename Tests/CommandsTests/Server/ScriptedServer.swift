import Foundation
import Synchronization

@testable import Commands

/// An HTTP server that does what a test tells it, on a port of the loopback address.
final class ScriptedServer: Sendable {
  typealias Script = @Sendable (_ request: ScriptedRequest, _ server: ScriptedServer) -> ScriptedAnswer

  private struct State {
    var listener: Int32?
    var open: Set<Int32> = []
    var requests: [ScriptedRequest] = []
  }

  let port: UInt16
  private let state: Mutex<State>
  private let script: Script
  private let isHealthy: Bool
  /// An element for each answer that was sent, or whose client went away.
  let answered: AsyncStream<Void>
  private let answers: AsyncStream<Void>.Continuation

  /// - Parameters:
  ///   - isHealthy: whether to answer `/healthz`, about which the script is not asked.
  init(port: UInt16 = 0, isHealthy: Bool = true, _ script: @escaping Script) throws {
    let (listener, bound) = try Sockets.listen(port: port)
    self.port = bound
    self.script = script
    self.isHealthy = isHealthy
    (answered, answers) = AsyncStream.makeStream()
    state = Mutex(State(listener: listener))
    Thread.detachNewThread { [self] in
      while let connection = Sockets.accept(listener) {
        Thread.detachNewThread { [self] in serve(connection) }
      }
      Sockets.close(listener)
    }
  }

  var url: String { "http://127.0.0.1:\(port)" }

  /// Those that were asked so far, without the checks of its health.
  var requests: [ScriptedRequest] { state.withLock { $0.requests } }

  /// Refuses connections from now on, and ends those that are open.
  func stop() {
    state.withLock { state in
      state.listener.map(Sockets.shutDown)
      state.listener = nil
      state.open.forEach(Sockets.shutDown)
    }
  }

  private func serve(_ connection: Int32) {
    state.withLock { state in
      _ = state.open.insert(connection)
      if state.listener == nil { Sockets.shutDown(connection) }
    }
    defer {
      state.withLock { _ = $0.open.remove(connection) }
      Sockets.close(connection)
    }
    guard let request = ScriptedRequest(from: connection) else { return }
    guard let bytes = answer(to: request).bytes else {
      // Until the client, or `stop`, ends the connection.
      while !Sockets.read(connection).isEmpty {}
      return
    }
    _ = Sockets.write(bytes, to: connection)
    Sockets.shutDown(connection)
    if request.target != "/healthz" { answers.yield() }
  }

  private func answer(to request: ScriptedRequest) -> ScriptedAnswer {
    guard request.target != "/healthz" else {
      return isHealthy ? .whole(status: 200, Array("{}".utf8)) : .silence
    }
    state.withLock { $0.requests.append(request) }
    return script(request, self)
  }
}
