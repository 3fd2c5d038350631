import Coordination
import Model

extension Timer {
  /// The timer that tells a build that a time has come.
  init(_ timer: BuildTimer, at time: Timestamp, of request: BuildRequest) {
    self.init(due: time, ticket: .advance(.due(timer), after: request, at: time))
  }
}
