import Glibc

/// Why something could not be measured.
package struct MeasurementError: Error, Hashable, Sendable, CustomStringConvertible {
  /// A sentence without its full stop.
  package let description: String

  package init(_ description: String) {
    self.description = description
  }

  /// What a call to the kernel came to.
  init(_ call: String, errno code: Int32) {
    description = "\(call): \(unsafe String(cString: strerror(code)))"
  }
}
