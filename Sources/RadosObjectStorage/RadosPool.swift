import CRados
import Glibc
import ObjectStorage

/// The owner of a pool that is open, and the way in for every operation.
///
/// Unchecked because it holds a C handle, which librados lets any thread use once its namespace is set.
@safe final class RadosPool: @unchecked Sendable {
  private let cluster: RadosCluster
  private let handle: rados_ioctx_t
  private let end = Once()
  private let flights = Flights()

  /// Connects to the cluster and opens the pool. Blocks.
  ///
  /// - Throws: ``RadosError``.
  init(_ address: RadosAddress) throws(RadosError) {
    cluster = try RadosCluster(address)
    unsafe handle = try cluster.openPool(named: address.pool)
    unsafe rados_ioctx_set_namespace(handle, address.namespace)
  }

  deinit { destroy() }

  /// Runs to its end also when the task is cancelled.
  ///
  /// - Throws: ``RadosError``, ``PoolClosed``.
  func perform(_ operation: WriteOperation, on name: String, _ action: StaticString) async throws {
    let pending = try pend(keeping: operation)
    let code = unsafe try await pending.wait {
      unsafe rados_aio_write_op_operate(
        operation.handle, self.handle, $0, name, nil, Int32(LIBRADOS_OPERATION_FULL_TRY))
    }
    if code < 0 { throw RadosError(action: action, code: code) }
  }

  /// Resumes at once when the task is cancelled.
  ///
  /// - Returns: `false` where there is no object.
  /// - Throws: ``RadosError``, ``PoolClosed``, `CancellationError`.
  func perform(_ operation: any ReadOperation, on name: String, _ action: StaticString) async throws -> Bool {
    let pending = try pend(keeping: operation)
    let code = try await withTaskCancellationHandler {
      unsafe try await pending.wait {
        unsafe rados_aio_read_op_operate(operation.handle, self.handle, $0, name, 0)
      }
    } onCancel: {
      pending.cancel()
    }
    if code < 0, code != -ENOENT { throw RadosError(action: action, code: code) }
    return code >= 0
  }

  /// Waits for what is under way. After it nothing more is let in.
  func drain() async {
    await flights.drain()
  }

  /// Ends the connection. Blocks. Nothing may be under way.
  func close() {
    destroy()
    cluster.shutDown()
  }

  private func destroy() {
    if end.take() { unsafe rados_ioctx_destroy(handle) }
  }

  private func pend(keeping memory: any Sendable) throws -> PendingOperation {
    guard flights.begin() else { throw PoolClosed() }
    return PendingOperation(keeping: (memory, self), of: flights)
  }
}
