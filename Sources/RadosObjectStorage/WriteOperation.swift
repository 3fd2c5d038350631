import CRados
import ObjectStorage

/// The owner of a list of steps that are done to one object, all or none. librados copies all that is given to it.
///
/// Unchecked because it holds a C handle; it is built by one task and then only handed on.
@safe final class WriteOperation: @unchecked Sendable {
  let handle: rados_write_op_t

  init() {
    // Allocates, and as all of librados ends the process when there is no memory.
    guard let handle = unsafe rados_create_write_op() else { fatalError("out of memory") }
    unsafe self.handle = handle
  }

  deinit { unsafe rados_release_write_op(handle) }

  /// - Parameter exclusively: the operation fails with `EEXIST` when the object is there.
  func create(exclusively: Bool) {
    unsafe rados_write_op_create(
      handle, exclusively ? LIBRADOS_CREATE_EXCLUSIVE : LIBRADOS_CREATE_IDEMPOTENT, nil)
  }

  func writeFull(_ bytes: [UInt8]) {
    unsafe bytes.withCharacters { unsafe rados_write_op_write_full(handle, $0, bytes.count) }
  }

  func write(_ bytes: [UInt8], offset: Int) {
    unsafe bytes.withCharacters { unsafe rados_write_op_write(handle, $0, bytes.count, UInt64(offset)) }
  }

  func remove() {
    unsafe rados_write_op_remove(handle)
  }

  /// The operation fails with `ECANCELED` when the index holds something else; a missing entry compares as an empty one.
  func compare(_ key: [UInt8], with value: [UInt8]) {
    unsafe key.withCharacters { keyPointer in
      unsafe value.withCharacters { valuePointer in
        unsafe rados_write_op_omap_cmp2(
          handle, keyPointer, UInt8(LIBRADOS_CMPXATTR_OP_EQ), valuePointer, key.count, value.count, nil)
      }
    }
  }

  func set(_ entries: [(key: [UInt8], value: [UInt8])]) {
    let keys = ByteStrings(entries.map(\.key)), values = ByteStrings(entries.map(\.value))
    unsafe keys.withPointers { keyPointers, keyLengths in
      unsafe values.withPointers { valuePointers, valueLengths in
        unsafe rados_write_op_omap_set2(handle, keyPointers, valuePointers, keyLengths, valueLengths, entries.count)
      }
    }
  }

  func removeEntries(_ keys: [[UInt8]]) {
    unsafe ByteStrings(keys).withPointers { pointers, lengths in
      unsafe rados_write_op_omap_rm_keys2(handle, pointers, lengths, keys.count)
    }
  }
}
