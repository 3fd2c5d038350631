import Foundation

/// The host and port that a `Host` or `Origin` header names.
struct Authority: Hashable {
  /// Lower case; IPv6 in brackets.
  let host: String
  let port: Int?

  /// - Returns: `nil` when the text is not `host` or `host:port`.
  init?(_ text: String) {
    let text = text.lowercased()
    let end = text.hasPrefix("[") ? text.firstIndex(of: "]").map(text.index(after:)) : text.firstIndex(of: ":")
    host = String(text[..<(end ?? text.endIndex)])
    let rest = end.map { text[$0...] } ?? ""
    guard !host.isEmpty, !host.contains(where: { "/@?#\\ ".contains($0) }) else { return nil }
    if rest.isEmpty {
      port = nil
    } else {
      let digits = rest.dropFirst()
      guard rest.hasPrefix(":"), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let number = UInt16(digits)
      else { return nil }
      port = Int(number)
    }
  }

  /// The authority of an origin such as `https://ci.example.org`, and what its scheme's port is.
  init?(origin: String) {
    guard let colon = origin.range(of: "://") else { return nil }
    guard let authority = Authority(String(origin[colon.upperBound...])) else { return nil }
    let usual = ["http": 80, "https": 443][origin[..<colon.lowerBound].lowercased()]
    self.init(host: authority.host, port: authority.port == usual ? nil : authority.port)
  }

  private init(host: String, port: Int?) {
    self.host = host
    self.port = port
  }

  /// The same with no port where it is one that browsers leave out.
  var withoutUsualPort: Authority { Authority(host: host, port: port == 80 || port == 443 ? nil : port) }

  var isThisMachine: Bool { host == "localhost" || IPLiteral(host)?.isLoopback == true }
}
