import Coordination

/// One connection between a session and a server: requests arrive in their order and are answered in their order, and
/// whatever the server tells the client, watch events included, arrives in the order in which it was told.
final class Connection {
  let session: SimulatedSession
  let replica: Replica
  /// As the server sees it; the client may learn later that it is gone.
  var isOpen = true
  /// When the latest message of each direction arrives.
  var lastUp = 0
  var lastDown = 0
  /// Arrived, and not begun.
  var queue: [Request] = []
  /// On its way, in order.
  var coming: [Request] = []
  /// The change that the server waits for: nothing that came later is answered before it.
  var current: Request?

  init(_ session: SimulatedSession, _ replica: Replica) {
    self.session = session
    self.replica = replica
  }
}
