import CRados

/// Reads the size of an object.
@safe final class SizeRead: ReadOperation, @unchecked Sendable {
  let handle: rados_read_op_t
  private let memory: UnsafeMutablePointer<UInt64>

  init() {
    unsafe handle = Self.makeHandle()
    unsafe memory = .allocate(capacity: 1)
    unsafe memory.initialize(to: 0)
    unsafe rados_read_op_stat(handle, memory, nil, nil)
  }

  deinit {
    unsafe rados_release_read_op(handle)
    unsafe memory.deallocate()
  }

  /// After the operation has ended well.
  var size: Int { unsafe Int(memory.pointee) }
}
