package import Model
package import ObjectStorage

/// Artifacts that are kept together: those that tasks of one build published which are to be kept equally long. Builds that
/// take over tasks of that build share them.
package struct ArtifactLot: Hashable, Sendable {
  /// The build whose tasks published them.
  package var build: BuildID
  /// How long they live from the end of each build that has them, in seconds.
  package var keep: Int

  package init(build: BuildID, keep: Int) {
    self.build = build
    self.keep = keep
  }

  package var duration: Duration { .seconds(keep) }
}

/// How long a lot is kept. That it has expired is written before the first of its bytes is removed: a lot that has not is
/// whole.
package struct ArtifactLease: Hashable, Sendable, Codable {
  /// Until when they are promised; later while a build that has them goes on.
  package var due: Timestamp
  /// Since when they are gone, or about to be removed.
  package var expired: Timestamp?
  /// How many of them have been removed, in their order.
  package var removed: Int?

  package init(due: Timestamp, expired: Timestamp? = nil) {
    self.due = due
    self.expired = expired
  }
}

extension ObjectMap {
  package static let kept = ObjectKey("indexes/kept")

  static let duePrefix = "due="

  static func lotEntry(_ lot: ArtifactLot) -> String { "lot=\(lot.build)=\(lot.keep)" }

  /// In the order of times.
  static func dueEntry(_ due: Timestamp, _ lot: ArtifactLot) -> String {
    let digits = String(max(0, due.milliseconds))
    return duePrefix + String(repeating: "0", count: 19 - digits.count) + digits + "=\(lot.build)=\(lot.keep)"
  }

  static func due(ofEntry key: String) -> (due: Timestamp, lot: ArtifactLot)? {
    let fields = key.split(separator: "=")
    guard key.hasPrefix(duePrefix), fields.count == 4, let time = Int64(fields[1]), let keep = Int(fields[3]),
      let build = try? BuildID(parsing: String(fields[2]))
    else { return nil }
    return (Timestamp(milliseconds: time), ArtifactLot(build: build, keep: keep))
  }
}
