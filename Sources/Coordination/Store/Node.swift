/// A node as it stood when it was read.
package struct Node: Hashable, Sendable {
  /// At most ``CoordinationLimits/nodeSize`` bytes.
  package var data: [UInt8]
  /// 0 when created, one more with every write. It starts again at 0 when the node is deleted and created anew.
  package var version: Int
  /// The position, in the store's one order of transactions, of the one that created the node. Never repeats, so that
  /// with the path it names this life of the node for ever.
  package var created: Int64
  /// The same of the last one that wrote its data.
  package var modified: Int64
  /// The session whose end deletes the node, when it is a session node.
  package var owner: SessionID?
  package var childCount: Int

  package init(
    data: [UInt8], version: Int, created: Int64, modified: Int64, owner: SessionID? = nil, childCount: Int = 0
  ) {
    self.data = data
    self.version = version
    self.created = created
    self.modified = modified
    self.owner = owner
    self.childCount = childCount
  }
}

/// How long a node lives.
package enum Lifetime: Hashable, Sendable {
  /// Until somebody deletes it.
  case persistent
  /// Until somebody deletes it, or the session that created it ends. Has no children.
  case session
}

/// Names a session, uniquely in its store for ever.
package struct SessionID: Hashable, Sendable, CustomStringConvertible {
  package let rawValue: Int64

  package init(rawValue: Int64) {
    self.rawValue = rawValue
  }

  package var description: String { String(UInt64(bitPattern: rawValue), radix: 16) }
}

/// What every backend refuses before anything is sent.
package enum CoordinationLimits {
  /// Bytes of data in one node.
  package static let nodeSize = 16 * 1024
  /// Changes in one transaction.
  package static let transactionChanges = 1_000
  /// Bytes of all data and paths in one transaction, below ZooKeeper's packet limit of 1 MiB.
  package static let transactionSize = 900 * 1024
}
