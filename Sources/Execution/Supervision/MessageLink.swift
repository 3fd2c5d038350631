internal import CExecution
internal import Glibc

/// One end of the socket between a supervised process and its supervisor.
final class MessageLink: Sendable {
  private let socket: PolledDescriptor

  /// Bytes of the longest message.
  private static let longest = 512

  /// Takes ownership of an open descriptor.
  init(_ descriptor: Int32) {
    socket = PolledDescriptor(descriptor)
  }

  /// Sends a message, unless the other side is gone or does not listen: it will find out otherwise then.
  func send(_ text: String) {
    let bytes = Array(text.utf8.prefix(Self.longest))
    _ = unsafe bytes.withUnsafeBytes { unsafe distci_link_send(socket.number, $0.baseAddress, $0.count) }
  }

  /// Waits for the next message; `nil` when the other side is gone.
  func next() async -> String? {
    while true {
      await socket.readable()
      switch receive() {
      case .message(let text): return text
      case .nothing where socket.isReleased: return nil
      case .nothing: continue
      case .end: return nil
      }
    }
  }

  /// Nothing more shall be waited for: ``next()`` still gives what has arrived.
  func release() { socket.release() }

  /// Exactly once, when nobody waits any more.
  func close() { socket.close() }

  private enum Reception {
    case message(String)
    case nothing
    case end
  }

  private func receive() -> Reception {
    var bytes = [UInt8](repeating: 0, count: Self.longest)
    let size = unsafe bytes.withUnsafeMutableBytes {
      unsafe distci_link_receive(socket.number, $0.baseAddress, $0.count)
    }
    if size > 0 { return .message(String(decoding: bytes[..<size], as: UTF8.self)) }
    return size == -Int(EAGAIN) || size == -Int(EINTR) ? .nothing : .end
  }
}
