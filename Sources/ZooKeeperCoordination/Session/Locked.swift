internal import Glibc

/// A value behind a lock.
///
/// Not `Synchronization.Mutex`: its slow path is in a library that the thread sanitizer does not see into, so that every
/// contended use would be reported as a race. The sanitizer knows `pthread_mutex_t`.
///
/// `@unchecked`: the value is only touched while the mutex is held.
@safe final class Locked<Value: Sendable>: @unchecked Sendable {
  private var value: Value
  /// Of its own, because a mutex must not be moved.
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>

  init(_ value: Value) {
    self.value = value
    unsafe mutex = .allocate(capacity: 1)
    unsafe mutex.initialize(to: pthread_mutex_t())
    unsafe pthread_mutex_init(mutex, nil)
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe mutex.deallocate()
  }

  func withLock<Result, Failure: Error>(_ body: (inout Value) throws(Failure) -> Result) throws(Failure) -> Result {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    return try body(&value)
  }
}
