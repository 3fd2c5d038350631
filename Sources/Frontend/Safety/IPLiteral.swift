import NIOCore

/// An address that is written in numbers.
struct IPLiteral {
  let isLoopback: Bool

  /// - Parameter text: IPv6 in brackets or without. Names are `nil`, even those that look like an address at their start.
  init?(_ text: String) {
    let isBracketed = text.hasPrefix("[") && text.hasSuffix("]")
    let plain = isBracketed ? String(text.dropFirst().dropLast()) : text
    guard let address = try? SocketAddress(ipAddress: plain, port: 0), let canonical = address.ipAddress else {
      return nil
    }
    switch address {
    case .v4 where !isBracketed: isLoopback = canonical.hasPrefix("127.")
    case .v6: isLoopback = canonical == "::1"
    default: return nil
    }
  }
}
