internal import CZooKeeper
internal import Coordination

/// The operations of a multi in C memory. The library copies them when it is given them, so that they live only as long
/// as that call.
@safe struct MultiOperations: ~Copyable {
  let pointer: UnsafeMutablePointer<zoo_op_t>
  let count: Int
  /// Every path, with its final zero, and all data, one after the other.
  private let bytes: UnsafeMutablePointer<CChar>
  private var used = 0

  /// - Parameter prefix: goes before every path.
  init(_ changes: [Change], prefix: String) {
    count = changes.count
    unsafe pointer = .allocate(capacity: changes.count)
    unsafe pointer.initialize(repeating: zoo_op_t(), count: changes.count)
    let size = changes.reduce(1) { $0 + $1.size + prefix.utf8.count }
    unsafe bytes = .allocate(capacity: size)
    for (index, change) in changes.enumerated() {
      let path = unsafe store(absolute(change.path, prefix: prefix).utf8)
      terminate()
      unsafe set(pointer + index, change, path: path)
    }
  }

  deinit {
    unsafe pointer.deallocate()
    unsafe bytes.deallocate()
  }

  private mutating func set(
    _ operation: UnsafeMutablePointer<zoo_op_t>, _ change: Change, path: UnsafePointer<CChar>
  ) {
    switch change {
    case .create(_, let data, let lifetime):
      let start = unsafe store(data)
      unsafe distci_zoo_create_op(operation, path, start, Int32(data.count), lifetime == .session ? 1 : 0)
    case .write(_, let data, let version):
      let start = unsafe store(data)
      unsafe zoo_set_op_init(operation, path, start, Int32(data.count), expected(version), nil)
    case .delete(_, let version):
      unsafe zoo_delete_op_init(operation, path, expected(version))
    case .check(_, let version):
      unsafe zoo_check_op_init(operation, path, expected(version))
    }
  }

  private mutating func store(_ source: some Collection<UInt8>) -> UnsafePointer<CChar> {
    let start = unsafe bytes + used
    for byte in source {
      unsafe bytes[used] = CChar(bitPattern: byte)
      used += 1
    }
    return unsafe UnsafePointer(start)
  }

  private mutating func terminate() {
    unsafe bytes[used] = 0
    used += 1
  }

  /// ZooKeeper takes −1 for "any". A version that no node can have becomes one that none has.
  private func expected(_ version: Int?) -> Int32 {
    guard let version else { return -1 }
    return version < 0 ? .max : Int32(exactly: version) ?? .max
  }
}

/// The path as the server knows it, below the store's own root.
func absolute(_ path: NodePath, prefix: String) -> String {
  path == .root ? prefix : prefix + path.string
}
