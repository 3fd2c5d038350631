import Glibc
import Testing

/// A pipe with a name on which a script waits until a test opens it.
final class Gate: Sendable {
  private let descriptor: Int32

  init(path: String) throws {
    let made = unsafe mkfifo(path, 0o600)
    try #require(made == 0)
    // For both directions, so that opening does not wait for a reader.
    descriptor = unsafe Glibc.open(path, O_RDWR | O_CLOEXEC)
    try #require(descriptor >= 0)
  }

  deinit {
    close(descriptor)
  }

  func open() {
    let written = unsafe write(descriptor, "\n", 1)
    #expect(written == 1)
  }
}
