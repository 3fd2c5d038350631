import Coordination
import GRDB

extension CoordinationError {
  /// What an error of the database means to the one who asked.
  init(_ error: DatabaseError) {
    let detail = error.message ?? "no detail"
    switch (error.resultCode, error.extendedResultCode) {
    case (.SQLITE_FULL, _), (_, .SQLITE_IOERR_SHMSIZE):
      self.init(.noSpace, message: "the disk of the coordination store is full: make room (\(detail))")
    case (.SQLITE_BUSY, _), (.SQLITE_LOCKED, _), (.SQLITE_PROTOCOL, _):
      self.init(.unavailable, message: "another process kept the store locked for too long (\(detail))")
    case (.SQLITE_CORRUPT, _), (.SQLITE_NOTADB, _):
      self.init(
        .refused,
        message: "the database is damaged: stop every process, move its folder away, and start anew (\(detail))")
    case (.SQLITE_CANTOPEN, _), (.SQLITE_PERM, _), (.SQLITE_READONLY, _), (.SQLITE_AUTH, _):
      self.init(.refused, message: "this user may not read and write the store's folder (\(detail))")
    default:
      self.init(.refused, message: "the database failed: \(error.extendedResultCode.rawValue), \(detail)")
    }
  }

  /// The same for an error of the commit itself: when the disk failed there, the commit may come back with the next
  /// recovery.
  init(atCommit error: DatabaseError) {
    self.init(error)
    if code == .refused, error.resultCode == .SQLITE_IOERR { code = .outcomeUnknown }
  }
}
