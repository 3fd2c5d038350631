import CRados
import Dispatch
import Glibc
import ObjectStorage

/// The owner of a connection to a cluster. Its calls block.
///
/// Unchecked because it holds a C handle, which librados lets any thread use.
@safe final class RadosCluster: @unchecked Sendable {
  private let handle: rados_t
  private let end = Once()

  /// Connects.
  ///
  /// - Throws: ``RadosError``.
  init(_ address: RadosAddress) throws(RadosError) {
    var created: rados_t?
    let code = unsafe rados_create2(&created, "ceph", address.client, 0)
    guard let created = unsafe created else { throw RadosError(action: "creating the client", code: code) }
    unsafe handle = created
    do {
      try Self.check("reading the configuration", unsafe rados_conf_read_file(created, address.configuration))
      for (option, value) in Self.options {
        try Self.check("setting an option", unsafe rados_conf_set(created, option, value))
      }
      try Self.check("connecting", unsafe rados_connect(created))
    } catch {
      shutDown()
      throw error
    }
  }

  deinit {
    guard end.take() else { return }
    nonisolated(unsafe) let handle = unsafe handle
    // Nobody waits for it, and it blocks.
    DispatchQueue.global().async { unsafe rados_shutdown(handle) }
  }

  /// Ends the connection. Nothing may be under way, and no pool of it may be open.
  func shutDown() {
    if end.take() { unsafe rados_shutdown(handle) }
  }

  func openPool(named name: String) throws(RadosError) -> rados_ioctx_t {
    var pool: rados_ioctx_t?
    try Self.check("opening the pool", unsafe rados_ioctx_create(handle, name, &pool))
    guard let pool = unsafe pool else { throw RadosError(action: "opening the pool", code: -ENOENT) }
    return unsafe pool
  }

  private static func check(_ action: StaticString, _ code: Int32) throws(RadosError) {
    if code < 0 { throw RadosError(action: action, code: code) }
  }

  private static let options = [
    // In seconds. Without them a cluster that has lost its quorum holds callers for ever.
    ("client_mount_timeout", "10"),
    ("rados_mon_op_timeout", "8"),
    ("rados_osd_op_timeout", "8"),
    // At these limits librados would block the thread that submits; how much is under way is for callers to bound.
    ("objecter_inflight_ops", "0"),
    ("objecter_inflight_op_bytes", "0"),
  ]
}
