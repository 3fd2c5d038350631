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

  var description: String { "\(call) of \(shortPath) failed: \(reason)" }

  /// What the number means, in words.
  var reason: String { unsafe String(cString: strerror(number)) }

  /// Paths may be of any length, and messages are to be read.
  private var shortPath: String {
    path.utf8.count <= 300 ? path : "…" + String(decoding: path.utf8.suffix(200), as: UTF8.self)
  }
}
