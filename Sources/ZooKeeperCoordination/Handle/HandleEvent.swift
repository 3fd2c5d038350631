internal import Coordination

/// What the library tells without being asked.
enum HandleEvent: Sendable {
  /// Connected, or connected again, to a server that granted this time of silence.
  case connected(SessionID, timeout: Duration)
  case disconnected
  /// The session has expired, or the servers refuse it. Nothing more comes from the handle.
  case ended
  /// Something has changed where a watch with this token was set.
  case changed(token: UInt, NodeChange)
}
