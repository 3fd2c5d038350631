package import Coordination
package import Model

/// A coordination store in an Apache ZooKeeper ensemble, for processes on many machines.
package struct ZooKeeperCoordinationStore: CoordinationStore {
  private let address: ZooKeeperAddress
  private let sessionTimeout: Duration
  private let connectTimeout: Duration

  /// - Parameters:
  ///   - sessionTimeout: the silence after which the servers end a session. They grant between 2 and 20 of their ticks;
  ///     ``CoordinationSession/timeout`` tells what was granted. At least a second is asked for: the library also takes
  ///     it for the time to connect.
  ///   - connectTimeout: how long ``openSession()`` waits for a server.
  package init(
    address: ZooKeeperAddress, sessionTimeout: Duration = .seconds(6), connectTimeout: Duration = .seconds(10)
  ) {
    self.address = address
    self.sessionTimeout = sessionTimeout
    self.connectTimeout = connectTimeout
  }

  /// - Parameters:
  ///   - hosts: `host` or `host:port` each.
  ///   - chroot: the node that is the store's root. It is created where it is missing.
  package init(
    hosts: [String], chroot: String = ZooKeeperAddress.defaultChroot, sessionTimeout: Duration = .seconds(6),
    connectTimeout: Duration = .seconds(10)
  ) throws(ValidationError) {
    try self.init(
      address: ZooKeeperAddress(servers: hosts, chroot: chroot), sessionTimeout: sessionTimeout,
      connectTimeout: connectTimeout)
  }

  /// - Parameters:
  ///   - url: `zookeeper://host:port,host:port/chroot?timeout=6s`; the chroot is `/distci` where none is given.
  ///   - sessionTimeout: where the URL has none.
  package init(url: String, sessionTimeout: Duration = .seconds(6)) throws(ValidationError) {
    let address = try ZooKeeperAddress(url: url)
    self.init(address: address, sessionTimeout: address.timeout.map { .seconds($0) } ?? sessionTimeout)
  }

  package func openSession() async throws -> any CoordinationSession {
    let session = ZooKeeperSession(prefix: address.chroot)
    do {
      try await connect(session)
      try await session.createRoot()
      return session
    } catch {
      await session.close()
      throw error
    }
  }

  private func connect(_ session: ZooKeeperSession) async throws {
    do {
      let failure = try await session.open(
        servers: address.servers.joined(separator: ","), timeout: max(sessionTimeout, .seconds(1)).milliseconds,
        limit: connectTimeout)
      guard failure == 0 else { throw unreachable("none of their names could be resolved (error \(failure))") }
    } catch let error as CoordinationError where error.code == .sessionEnded {
      throw unreachable("none answered within \(connectTimeout)")
    }
  }

  private func unreachable(_ why: String) -> CoordinationError {
    CoordinationError(
      .unavailable,
      message: """
        the ZooKeeper servers \(address.servers.joined(separator: ", ")) cannot be reached: \(why); check that most of \
        them run, that their names resolve here, and that no firewall is in between
        """)
  }
}

extension Duration {
  fileprivate var milliseconds: Int32 {
    Int32(clamping: components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000)
  }
}
