/// A point in time: milliseconds since 1970-01-01T00:00:00Z, as the wall clock of the host that wrote it said. Good for
/// people to read; nothing depends on it being right, and nothing compares those of two hosts to decide.
package struct Timestamp: Hashable, Sendable, Comparable {
  package let milliseconds: Int64

  package init(milliseconds: Int64) {
    self.milliseconds = milliseconds
  }

  package static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }

  /// The point in time so much later.
  package func adding(_ duration: Duration) -> Timestamp {
    let (seconds, attoseconds) = duration.components
    return Timestamp(milliseconds: milliseconds + seconds * 1_000 + attoseconds / 1_000_000_000_000_000)
  }

  /// The time since an earlier timestamp; zero where that one is later.
  package func since(_ earlier: Timestamp) -> Duration {
    .milliseconds(max(0, milliseconds - earlier.milliseconds))
  }
}

extension Timestamp: Codable {
  package init(from decoder: any Decoder) throws {
    milliseconds = try decoder.singleValueContainer().decode(Int64.self)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(milliseconds)
  }
}
