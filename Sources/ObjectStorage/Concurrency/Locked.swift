import Glibc

/// A value behind a lock, for the stores.
///
/// Not `Synchronization.Mutex`: on Linux that waits in ways that the thread sanitizer does not see, so that every use of it
/// would be reported as a race. The sanitizer knows `pthread_mutex_t`.
///
/// Unchecked because the value is only touched while the mutex is held.
@safe package final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  /// Of its own, because a mutex must not be moved.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  package init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  package func withLock<Result>(_ body: (inout Value) -> Result) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return body(&value)
  }
}
