internal import Coordination
package import Model

/// Where a store is: the servers of an ensemble, and the node of their tree that is the store's root.
package struct ZooKeeperAddress: Hashable, Sendable, CustomStringConvertible {
  /// Each `host:port`.
  package let servers: [String]
  /// An absolute path, never `/`: the root of a server belongs to ZooKeeper itself.
  package let chroot: String
  /// In seconds, the silence after which the servers are asked to end a session; `nil` leaves that to the store.
  package let timeout: Int?

  /// What may be asked for; the servers narrow it further.
  static let timeouts = 1...600

  /// ZooKeeper packets have 1 MiB. A root of this many bytes before the path of every change still fits the largest
  /// transaction that ``CoordinationLimits`` allow.
  static let longestChroot = 100

  /// - Parameters:
  ///   - servers: `host` or `host:port` each; the port is 2181 where none is given.
  ///   - chroot: `/` stands for ``defaultChroot``.
  package init(servers: [String], chroot: String = defaultChroot, timeout: Int? = nil) throws(ValidationError) {
    guard !servers.isEmpty else {
      throw ValidationError("a ZooKeeper address without servers", remedy: "name one: \(ZooKeeperAddress.example)")
    }
    var complete: [String] = []
    for server in servers { complete.append(try ZooKeeperAddress.complete(server)) }
    self.servers = complete
    self.chroot = try ZooKeeperAddress.validated(chroot)
    self.timeout = timeout
  }

  /// Parses `zookeeper://host:port,host:port/path?timeout=6s`; the timeout may be left out.
  package init(url: String) throws(ValidationError) {
    let scheme = "zookeeper://"
    guard url.hasPrefix(scheme) else {
      throw ValidationError(
        "\(url) is not a ZooKeeper address", remedy: "write it as \(ZooKeeperAddress.example)")
    }
    let parts = url.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let rest = parts[0]
    if let character = rest.first(where: { "#@ ".contains($0) }) {
      throw ValidationError(
        "the ZooKeeper address \(url) contains '\(character)'", remedy: "write it as \(ZooKeeperAddress.example)")
    }
    let slash = rest.firstIndex(of: "/") ?? rest.endIndex
    let servers = rest[..<slash].split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    guard servers != [""] else {
      throw ValidationError(
        "the ZooKeeper address \(url) names no server", remedy: "write it as \(ZooKeeperAddress.example)")
    }
    try self.init(
      servers: servers, chroot: slash == rest.endIndex ? "/" : String(rest[slash...]),
      timeout: parts.count == 2 ? try ZooKeeperAddress.timeout(parts[1]) : nil)
  }

  package static let defaultChroot = "/distci"

  package var description: String {
    "zookeeper://\(servers.joined(separator: ","))\(chroot)" + (timeout.map { "?timeout=\($0)s" } ?? "")
  }

  private static let example = "zookeeper://host:2181,host:2181/distci"

  private static func complete(_ server: String) throws(ValidationError) -> String {
    let bracket = server.hasPrefix("[") ? server.firstIndex(of: "]") : nil
    let hostEnd = bracket.map { server.index(after: $0) } ?? server.firstIndex(of: ":") ?? server.endIndex
    let host = server[..<hostEnd]
    let allowed = "-._[]:".utf8
    guard !host.isEmpty, host.utf8.allSatisfy({ isAlphanumeric($0) || allowed.contains($0) }) else {
      throw ValidationError("'\(server)' is not a server", remedy: "write host or host:port")
    }
    guard hostEnd < server.endIndex else { return "\(host):2181" }
    let port = server[server.index(after: hostEnd)...]
    guard server[hostEnd] == ":", port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(port),
      number > 0
    else {
      throw ValidationError("'\(port)' in '\(server)' is not a port", remedy: "give a number from 1 to 65535")
    }
    return "\(host):\(number)"
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
    default: false
    }
  }

  /// Reads what follows the question mark: one option, `timeout=SPAN`.
  private static func timeout(_ options: Substring) throws(ValidationError) -> Int {
    let name = "timeout="
    guard options.hasPrefix(name) else {
      throw ValidationError(
        "the ZooKeeper address has the unknown option '\(options)'",
        remedy: "the only one is timeout, as in ?timeout=6s")
    }
    let seconds = try TaskDuration.seconds(String(options.dropFirst(name.count)))
    guard timeouts.contains(seconds) else {
      throw ValidationError(
        "the session timeout \(TaskDuration.text(seconds)) is out of range",
        remedy: "\(timeouts.lowerBound)s is the least and \(TaskDuration.text(timeouts.upperBound)) the most")
    }
    return seconds
  }

  private static func validated(_ path: String) throws(ValidationError) -> String {
    guard path != "/" else { return defaultChroot }
    let components = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
    guard path.hasPrefix("/"), components.allSatisfy({ NodePath.isComponent(String($0)) }) else {
      throw ValidationError(
        "'\(path)' is not a path of a ZooKeeper node",
        remedy: "write it as /distci or /teams/distci, with letters, digits and ._~+=,- only")
    }
    guard components[0] != "zookeeper" else {
      throw ValidationError("'\(path)' belongs to ZooKeeper itself", remedy: "take another, such as \(defaultChroot)")
    }
    guard path.utf8.count <= longestChroot else {
      throw ValidationError(
        "the path '\(path)' has \(path.utf8.count) bytes", remedy: "take one of at most \(longestChroot)")
    }
    return path
  }
}
