import Glibc
import ObjectStorage

/// A system call that failed.
struct SystemError: Error {
  let call: StaticString
  let number: Int32

  /// Of the call that has just failed on this thread.
  init(_ call: StaticString) {
    self.call = call
    self.number = errno
  }
}

extension ObjectStoreError {
  /// The only place where a number of the operating system becomes an error of the store. The folder's own path stays
  /// out of the message: messages are shown to users.
  init(_ error: SystemError, at key: ObjectKey?) {
    let reason = "\(error.call): \(Self.text(error.number))"
    switch error.number {
    case ENOSPC, EDQUOT:
      self.init(.noSpace, key: key, message: "\(reason); free space in the object folder, or raise its quota")
    case EACCES, EPERM, EROFS:
      self.init(.refused, key: key, message: "\(reason); let this user write to the object folder")
    case EMFILE, ENFILE, ENOMEM, EINTR, EAGAIN:
      self.init(.unavailable, key: key, message: "\(reason); the machine is short of it now, try again later")
    case EIO, EUCLEAN:
      self.init(.damaged, key: key, message: "\(reason); look at the disk, and restore the object folder from a backup")
    default:
      self.init(.refused, key: key, message: "\(reason); look at the object folder: only this program may write there")
    }
  }

  private static func text(_ number: Int32) -> String {
    unsafe strerror(number).map { unsafe String(cString: $0) } ?? "error \(number)"
  }
}
