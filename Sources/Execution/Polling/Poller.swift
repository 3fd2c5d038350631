internal import CExecution
internal import Foundation
internal import Glibc
internal import Synchronization

/// One thread that waits for all descriptors of all runs, so that no run blocks a thread of its own.
final class Poller: Sendable {
  /// Lives as long as the process: its thread sleeps while nothing runs.
  static let shared = Poller()

  private static let batch = 64

  private let epoll: Int32
  private let descriptors = Mutex<[Int32: PolledDescriptor]>([:])

  private init() {
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    precondition(epoll >= 0, "epoll_create1 failed: \(errorText(errno))")
    let epoll = epoll
    Thread.detachNewThread { [unowned self] in
      while true { self.dispatch(Self.wait(epoll)) }
    }
  }

  func add(_ descriptor: PolledDescriptor) {
    descriptors.withLock { $0[descriptor.number] = descriptor }
    // One-shot from the start: the kernel reports a hang-up even to those who asked for nothing.
    control(EPOLL_CTL_ADD, descriptor, events: EPOLLONESHOT.rawValue)
  }

  /// Asks for one notification. One-shot, so that a slow consumer is not woken for what it does not want yet.
  func arm(_ descriptor: PolledDescriptor) {
    control(EPOLL_CTL_MOD, descriptor, events: EPOLLIN.rawValue | EPOLLONESHOT.rawValue)
  }

  func remove(_ descriptor: PolledDescriptor) {
    // Explicitly: a copy that a process just being spawned still holds would keep the registration alive after close.
    control(EPOLL_CTL_DEL, descriptor, events: 0)
    descriptors.withLock { $0[descriptor.number] = nil }
  }

  private func control(_ operation: Int32, _ descriptor: PolledDescriptor, events: UInt32) {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(fd: descriptor.number))
    let result = unsafe epoll_ctl(epoll, operation, descriptor.number, &event)
    // Possible causes are a programming error and exhausted kernel memory; a run that waits for ever would hide both.
    precondition(result == 0, "epoll_ctl failed: \(errorText(errno))")
  }

  private func dispatch(_ numbers: [Int32]) {
    for number in numbers {
      // A number that was closed and used again gets a spurious wake-up; who waits reads again anyway.
      descriptors.withLock { $0[number] }?.becameReadable()
    }
  }

  private static func wait(_ epoll: Int32) -> [Int32] {
    unsafe withUnsafeTemporaryAllocation(of: epoll_event.self, capacity: batch) { events in
      let count = unsafe epoll_wait(epoll, events.baseAddress, Int32(batch), -1)
      return (0..<max(0, Int(count))).map { unsafe events[$0].data.fd }
    }
  }
}
