internal import CZooKeeper
internal import Coordination

/// Where the events of a handle go. The library holds it from opening to closing.
final class HandleContext: Sendable {
  private let receive: @Sendable (HandleEvent) -> Void

  init(receive: @escaping @Sendable (HandleEvent) -> Void) {
    self.receive = receive
  }

  func sessionChanged(_ handle: OpaquePointer, state: Int32) {
    switch state {
    case ZOO_CONNECTED_STATE:
      let id = unsafe SessionID(rawValue: zoo_client_id(handle).pointee.client_id)
      receive(.connected(id, timeout: .milliseconds(unsafe zoo_recv_timeout(handle))))
    case ZOO_EXPIRED_SESSION_STATE, ZOO_AUTH_FAILED_STATE:
      receive(.ended)
    default:
      receive(.disconnected)
    }
  }

  func nodeChanged(_ token: UInt, type: Int32) {
    switch type {
    // Every watch hears of the session too; the session has its own ear for that.
    case ZOO_SESSION_EVENT: return
    case ZOO_CHANGED_EVENT: receive(.changed(token: token, .data))
    case ZOO_CHILD_EVENT: receive(.changed(token: token, .children))
    default: receive(.changed(token: token, .node))
    }
  }
}
