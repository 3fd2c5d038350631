import Glibc
import ObjectStorage
import Testing

@testable import RadosObjectStorage

@Suite("What librados returns") struct RadosErrorTests {
  /// The number, and what it means to the caller.
  private static let numbers: [(Int32, ObjectStoreError.Code)] = [
    (EEXIST, .alreadyExists), (ECANCELED, .conditionFailed), (ENOSPC, .noSpace), (EDQUOT, .noSpace),
    (ETIMEDOUT, .unavailable), (ESHUTDOWN, .unavailable), (ENOTCONN, .unavailable), (EIO, .damaged), (EFBIG, .tooLarge),
    (EPERM, .refused), (ENOENT, .refused), (EOPNOTSUPP, .refused), (ERANGE, .refused),
  ]

  @Test("is told apart by what can be done about it")
  func codes() {
    for (number, expected) in Self.numbers {
      let error = ObjectStoreError(RadosError(action: "writing", code: -number), at: ObjectKey("a"))
      #expect(error.code == expected, "\(number)")
      #expect(error.key == ObjectKey("a"))
    }
  }
}
