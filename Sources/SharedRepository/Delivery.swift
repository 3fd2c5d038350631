import Coordination
import Crypto
import Model

/// What makes an arrival of a webhook the same as another one. Each identity alone is enough.
package struct Delivery: Hashable, Sendable {
  /// Those that hold for as long as the arrival is remembered.
  package var lasting: [String]
  /// Those that hold for ``recency`` only.
  package var recent: [String]

  /// How long the second of two hooks may take to tell of what the first one told.
  package static let recency = Duration.seconds(600)

  package init(lasting: [String] = [], recent: [String] = []) {
    self.lasting = lasting
    self.recent = recent
  }

  var identities: [Identity] {
    lasting.map { Identity(text: $0, isLasting: true) } + recent.map { Identity(text: $0, isLasting: false) }
  }

  struct Identity {
    var text: String
    var isLasting: Bool

    var digest: String {
      SHA256.hash(data: Array(text.utf8)).prefix(20).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
  }
}

/// What the stores know of a delivery as it arrives.
struct Arrival {
  /// The builds that an earlier arrival started.
  var known: [BuildID]?
  /// Where it is to be remembered, and the version of the record there that is outdated.
  var versions: [(path: NodePath, outdated: Int?)] = []

  /// What makes it remembered, provided that nobody else has taken it in.
  func changes(to record: DeliveryRecord) throws -> [Change] {
    let data = try JSONBytes.encode(record)
    return versions.map { path, outdated in
      outdated.map { .write(path, data, expecting: $0) } ?? .create(path, data, .persistent)
    }
  }
}
