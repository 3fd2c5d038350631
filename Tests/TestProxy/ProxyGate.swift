import Foundation
import ObjectStorage

/// What one direction of the network is like: open, slow, or closed. Closed, it swallows everything: the network that is
/// there and carries nothing.
package final class ProxyGate: Sendable {
  private struct State {
    var isOpen = true
    var delay: Duration = .zero
  }

  private let condition = NSCondition()
  private let state = Locked(State())

  package func close() {
    state.withLock { $0.isOpen = false }
  }

  package func open() {
    state.withLock { $0.isOpen = true }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Lets every frame wait, one after the other, as a server does that is slow.
  package func slowDown(to delay: Duration) {
    state.withLock { $0.delay = delay }
  }

  /// Blocks the thread.
  func pass() {
    let (seconds, attoseconds) = state.withLock { $0.delay }.components
    if (seconds, attoseconds) != (0, 0) {
      Thread.sleep(forTimeInterval: Double(seconds) + Double(attoseconds) / 1e18)
    }
    condition.lock()
    while !state.withLock({ $0.isOpen }) { condition.wait() }
    condition.unlock()
  }
}
