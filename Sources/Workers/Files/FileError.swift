import Glibc

/// A call on a file of this machine that failed.
struct FileError: Error, Hashable, CustomStringConvertible {
  let call: String
  let path: String
  /// As in `errno`.
  let number: Int32

  /// Takes `errno`; to be made right after the call.
  init(_ call: String, _ path: String, _ number: Int32 = errno) {
    self.call = call
    self.path = path
    self.number = number
  }

  var description: String { "\(call) of \(path) failed: \(unsafe String(cString: strerror(number)))" }
}
