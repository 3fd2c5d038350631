internal import CZooKeeper

/// Where the library puts the result of each operation of a multi.
///
/// `@unchecked`: the library's completion thread writes it before it calls the completion, and it is read only after.
@safe final class MultiResults: @unchecked Sendable {
  let pointer: UnsafeMutablePointer<zoo_op_result_t>
  private let count: Int

  init(count: Int) {
    self.count = count
    unsafe pointer = .allocate(capacity: count)
    unsafe pointer.initialize(repeating: zoo_op_result_t(), count: count)
  }

  deinit {
    unsafe pointer.deallocate()
  }

  var codes: [Int32] {
    unsafe UnsafeBufferPointer(start: pointer, count: count).map { unsafe $0.err }
  }
}
