import CRados

/// The owner of what librados tells the end of an operation with.
@safe struct Completion: ~Copyable {
  let handle: rados_completion_t

  /// - Parameter argument: given to the callback.
  init?(calling callback: rados_callback_t, with argument: UnsafeMutableRawPointer) {
    var created: rados_completion_t?
    let code = unsafe rados_aio_create_completion2(argument, callback, &created)
    guard code == 0, let created = unsafe created else { return nil }
    unsafe handle = created
  }

  /// Takes it over in the callback.
  init(adopting handle: rados_completion_t) {
    unsafe self.handle = handle
  }

  deinit { unsafe rados_aio_release(handle) }

  /// What the operation returned.
  var code: Int32 { unsafe rados_aio_get_return_value(handle) }

  /// Leaves it to the callback.
  consuming func leaveToCallback() {
    discard self
  }
}
