internal import CZooKeeper
internal import Coordination

// What the library calls, on its completion thread. Free functions, because a closure would take on the isolation of where
// it is written, and trap on a thread of the library's own.

func sessionChanged(
  handle: OpaquePointer?, type: Int32, state: Int32, path: UnsafePointer<CChar>?, context: UnsafeMutableRawPointer?
) {
  guard let handle = unsafe handle, let context = unsafe context else { return }
  unsafe Unmanaged<HandleContext>.fromOpaque(context).takeUnretainedValue().sessionChanged(handle, state: state)
}

func nodeChanged(
  handle: OpaquePointer?, type: Int32, state: Int32, path: UnsafePointer<CChar>?, context: UnsafeMutableRawPointer?
) {
  guard let owner = unsafe zoo_get_context(handle) else { return }
  let token = UInt(bitPattern: context)
  unsafe Unmanaged<HandleContext>.fromOpaque(owner).takeUnretainedValue().nodeChanged(token, type: type)
}

func dataArrived(
  code: Int32, bytes: UnsafePointer<CChar>?, length: Int32, stat: UnsafePointer<Stat>?, context: UnsafeRawPointer?
) {
  unsafe request(context)?.complete(code, Reply(bytes: bytes, length: length, stat: stat))
}

func statArrived(code: Int32, stat: UnsafePointer<Stat>?, context: UnsafeRawPointer?) {
  unsafe request(context)?.complete(code)
}

func namesArrived(code: Int32, names: UnsafePointer<String_vector>?, context: UnsafeRawPointer?) {
  unsafe request(context)?.complete(code, Reply(names: names))
}

func stringArrived(code: Int32, value: UnsafePointer<CChar>?, context: UnsafeRawPointer?) {
  unsafe request(context)?.complete(code)
}

func completed(code: Int32, context: UnsafeRawPointer?) {
  unsafe request(context)?.complete(code)
}

func discardLog(message: UnsafePointer<CChar>?) {}

private func request(_ context: UnsafeRawPointer?) -> PendingRequest? {
  guard let context = unsafe context else { return nil }
  return unsafe Unmanaged<PendingRequest>.fromOpaque(context).takeUnretainedValue()
}

extension Reply {
  fileprivate init(bytes: UnsafePointer<CChar>?, length: Int32, stat: UnsafePointer<Stat>?) {
    guard let stat = unsafe stat else {
      self = .nothing
      return
    }
    // A node created without data has no bytes and a length of -1.
    let data = unsafe UnsafeRawBufferPointer(start: bytes, count: max(0, Int(length)))
    self = unsafe .node(Node(data: Array(data), stat.pointee))
  }

  fileprivate init(names: UnsafePointer<String_vector>?) {
    guard let names = unsafe names?.pointee else {
      self = .nothing
      return
    }
    self = unsafe .names(
      (0..<Int(names.count)).compactMap { index in unsafe names.data[index].map { unsafe String(cString: $0) } })
  }
}

extension Node {
  fileprivate init(data: [UInt8], _ stat: Stat) {
    self.init(
      data: data, version: Int(stat.version), created: stat.czxid, modified: stat.mzxid,
      owner: stat.ephemeralOwner == 0 ? nil : SessionID(rawValue: stat.ephemeralOwner),
      childCount: Int(stat.numChildren))
  }
}
