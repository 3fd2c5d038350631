import CRados

/// The owner of a list of steps that read one object, and of the memory that librados fills.
///
/// Conformers are unchecked: librados alone touches the memory until its callback, and who waited reads it after.
protocol ReadOperation: AnyObject, Sendable {
  var handle: rados_read_op_t { get }
}

extension ReadOperation {
  static func makeHandle() -> rados_read_op_t {
    // Allocates, and as all of librados ends the process when there is no memory.
    guard let handle = unsafe rados_create_read_op() else { fatalError("out of memory") }
    return unsafe handle
  }
}
