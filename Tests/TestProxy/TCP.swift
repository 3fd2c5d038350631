import Foundation
import Glibc

/// Blocking sockets on the loopback address, and frames with four bytes of length in front.
package enum TCP {
  package static func listen() throws -> (socket: Int32, port: UInt16) {
    let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    guard bind(listener, port: 0) == 0, Glibc.listen(listener, 16) == 0 else { throw POSIXError(.EADDRINUSE) }
    return (listener, boundPort(of: listener))
  }

  package static func accept(_ listener: Int32) -> Int32? {
    let accepted = Glibc.accept(listener, nil, nil)
    guard accepted >= 0 else { return nil }
    withoutDelay(accepted)
    return accepted
  }

  package static func connect(_ port: UInt16) -> Int32? {
    let connection = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    withoutDelay(connection)
    var address = loopback(port)
    let result = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(connection, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    guard result == 0 else {
      close(connection)
      return nil
    }
    return connection
  }

  /// - Returns: what follows the length; `nil` at the end of the connection.
  package static func readFrame(_ socket: Int32) -> [UInt8]? {
    guard let length = read(4, from: socket)?.bigEndian(at: 0), (0...0x200000).contains(length) else { return nil }
    return read(Int(length), from: socket)
  }

  package static func writeFrame(_ frame: [UInt8], to socket: Int32) -> Bool {
    let bytes = bigEndian(Int32(frame.count)) + frame
    var sent = 0
    while sent < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe send(socket, buffer.baseAddress.map { unsafe $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return false }
      sent += count
    }
    return true
  }

  package static func close(_ socket: Int32) {
    _ = Glibc.close(socket)
  }

  package static func bigEndian(_ value: Int32) -> [UInt8] {
    let bits = UInt32(bitPattern: value)
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: bits >> $0) }
  }

  private static func read(_ count: Int, from socket: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe recv(socket, buffer.baseAddress.map { unsafe $0 + received }, count - received, 0)
      }
      guard result > 0 else { return nil }
      received += result
    }
    return bytes
  }

  private static func bind(_ socket: Int32, port: UInt16) -> Int32 {
    var address = loopback(port)
    return unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.bind(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
  }

  private static func boundPort(of socket: Int32) -> UInt16 {
    var address = sockaddr_in()
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    _ = unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe getsockname(socket, $0, &size) }
    }
    return UInt16(bigEndian: address.sin_port)
  }

  private static func loopback(_ port: UInt16) -> sockaddr_in {
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return address
  }

  private static func withoutDelay(_ socket: Int32) {
    var on: Int32 = 1
    unsafe setsockopt(socket, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
  }
}

extension [UInt8] {
  package func bigEndian(at offset: Int) -> Int32 {
    guard count >= offset + 4 else { return 0 }
    return Int32(bitPattern: self[offset..<(offset + 4)].reduce(0) { $0 << 8 | UInt32($1) })
  }
}
