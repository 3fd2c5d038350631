import Glibc

/// Who the worker, and all that it runs, is.
enum User {
  /// The name; the number where it has none.
  static let current: String = {
    guard let entry = unsafe getpwuid(getuid()), let name = unsafe entry.pointee.pw_name else {
      return String(getuid())
    }
    return unsafe String(cString: name)
  }()
}
