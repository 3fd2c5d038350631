import CRados

/// Reads entries of an index: the one under a key, or a page of them.
@safe final class EntriesRead: ReadOperation, @unchecked Sendable {
  @safe private struct Memory {
    var iterator: rados_omap_iter_t?
    var hasMore: UInt8 = 0
  }

  let handle: rados_read_op_t
  private let memory: UnsafeMutablePointer<Memory>

  private init() {
    unsafe handle = Self.makeHandle()
    unsafe memory = .allocate(capacity: 1)
    unsafe memory.initialize(to: Memory())
  }

  convenience init(at key: [UInt8]) {
    self.init()
    unsafe ByteStrings([key]).withPointers { keys, lengths in
      unsafe rados_read_op_omap_get_vals_by_keys2(handle, keys, 1, lengths, &memory.pointee.iterator, nil)
    }
  }

  /// - Parameter after: has no zero byte.
  convenience init(after: [UInt8], limit: Int) {
    self.init()
    unsafe (after + [0]).withCharacters { after in
      unsafe rados_read_op_omap_get_vals2(
        handle, after, "", UInt64(limit), &memory.pointee.iterator, &memory.pointee.hasMore, nil)
    }
  }

  deinit {
    if let iterator = unsafe memory.pointee.iterator { unsafe rados_omap_get_end(iterator) }
    unsafe rados_release_read_op(handle)
    unsafe memory.deallocate()
  }

  /// Whether the cluster has sent less than there is, be it by the limit given or by its own. After the operation has
  /// ended well.
  var hasMore: Bool { unsafe memory.pointee.hasMore != 0 }

  /// Takes the next entry off. After the operation has ended well.
  func next() -> (key: [UInt8], value: [UInt8])? {
    guard let iterator = unsafe memory.pointee.iterator else { return nil }
    var key: UnsafeMutablePointer<CChar>?
    var value: UnsafeMutablePointer<CChar>?
    var keyCount = 0, valueCount = 0
    let code = unsafe rados_omap_get_next2(iterator, &key, &value, &keyCount, &valueCount)
    guard code == 0, let key = unsafe key else { return nil }
    return unsafe (Self.bytes(key, keyCount), Self.bytes(value, valueCount))
  }

  private static func bytes(_ start: UnsafeMutablePointer<CChar>?, _ count: Int) -> [UInt8] {
    unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
  }
}
