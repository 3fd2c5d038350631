import Foundation

@testable import ZooKeeperCoordination

/// Closed, it swallows everything: the network that is there and carries nothing.
final class ProxyGate: Sendable {
  private let condition = NSCondition()
  private let isOpen = Locked(true)

  func close() {
    isOpen.withLock { $0 = false }
  }

  func open() {
    isOpen.withLock { $0 = true }
    condition.lock()
    condition.broadcast()
    condition.unlock()
  }

  /// Blocks the thread.
  func pass() {
    condition.lock()
    while !isOpen.withLock({ $0 }) { condition.wait() }
    condition.unlock()
  }
}
