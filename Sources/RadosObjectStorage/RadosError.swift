import Glibc
import ObjectStorage

/// A call of librados that failed.
struct RadosError: Error {
  /// What was being done, for the message.
  let action: StaticString
  /// Negative: the error number that librados returned.
  let code: Int32

  /// There is no such object.
  var isAbsence: Bool { code == -ENOENT }

  /// Nothing was heard of it in time, or the cluster has shut this client out: with another connection it may go better.
  var suspectsConnection: Bool { [-ETIMEDOUT, -ESHUTDOWN].contains(code) }
}

/// The pool takes no more operations: this one was not begun.
struct PoolClosed: Error {}

extension ObjectStoreError {
  /// The only place where a return code of librados becomes an error of the store.
  init(_ error: RadosError, at key: ObjectKey?) {
    let reason = "\(error.action): \(Self.text(-error.code))"
    switch -error.code {
    case EEXIST:
      self.init(.alreadyExists, key: key)
    case ECANCELED:
      self.init(.conditionFailed, key: key)
    case ENOSPC, EDQUOT:
      self.init(.noSpace, key: key, message: "\(reason); free space in the pool, raise its quota, or add OSDs")
    case ETIMEDOUT, ESHUTDOWN, ENOTCONN:
      self.init(.unavailable, key: key, message: "\(reason); look at ceph -s, and try again")
    case EIO:
      self.init(.damaged, key: key, message: "\(reason); look at ceph health detail, and repair the placement group")
    case E2BIG, EFBIG, EMSGSIZE:
      self.init(.tooLarge, key: key, message: "\(reason); raise osd_max_object_size and osd_max_write_size to 4 MiB")
    case EPERM, EACCES:
      self.init(
        .refused, key: key, message: "\(reason); give the client the capabilities mon 'allow r', osd 'allow rw'")
    case ENOENT:
      self.init(.refused, key: key, message: "\(reason); create the pool, and check the configuration file and keyring")
    case EINVAL:
      self.init(.refused, key: key, message: "\(reason); check the configuration file, and the version of the cluster")
    case EOPNOTSUPP:
      self.init(.refused, key: key, message: "\(reason); use a replicated pool, as others cannot hold indexes")
    default:
      self.init(.refused, key: key, message: "\(reason); look at the logs of the cluster")
    }
  }

  private static func text(_ number: Int32) -> String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
  }
}
