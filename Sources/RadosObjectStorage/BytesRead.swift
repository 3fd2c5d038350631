import CRados

/// Reads a stretch of an object.
@safe final class BytesRead: ReadOperation, @unchecked Sendable {
  let handle: rados_read_op_t
  private let buffer: UnsafeMutableRawBufferPointer
  private let count: UnsafeMutablePointer<Int>

  /// - Parameter range: not empty, as librados takes a length of zero for all.
  init(_ range: Range<Int>) {
    precondition(!range.isEmpty)
    unsafe handle = Self.makeHandle()
    unsafe buffer = .allocate(byteCount: range.count, alignment: 1)
    unsafe count = .allocate(capacity: 1)
    unsafe count.initialize(to: 0)
    unsafe rados_read_op_read(
      handle, UInt64(range.lowerBound), range.count, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), count, nil
    )
  }

  deinit {
    unsafe rados_release_read_op(handle)
    unsafe buffer.deallocate()
    unsafe count.deallocate()
  }

  /// After the operation has ended well.
  var bytes: [UInt8] { unsafe Array(buffer.prefix(count.pointee)) }
}
