import Foundation

/// What clocks on the wall of a place show, in whole seconds.
struct LocalClock: Sendable {
  private let zone: TimeZone

  /// - Throws: ``ValidationError`` when there is no such time zone.
  init(_ identifier: String) throws(ValidationError) {
    guard identifier == identifier.bounded(to: 100), let zone = TimeZone(identifier: identifier) else {
      // The list leaves out names that have become others, and takes long to make.
      let known = TimeZone.knownTimeZoneIdentifiers
      throw ValidationError(
        "there is no time zone \(identifier.bounded(to: 100).quoted)",
        remedy: Suggestion.nearest(to: identifier, among: known + ["UTC"]).map { "did you mean \"\($0)\"?" }
          ?? "write UTC, or a name of the tz database such as Europe/Helsinki")
    }
    self.zone = zone
  }

  /// How far the clocks are ahead of UTC at an instant, which is given in seconds since 1970.
  func offset(at instant: Int) -> Int {
    zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(instant)))
  }

  /// The instant at which the clocks show a time, which is given in seconds since 1970-01-01 of the place.
  ///
  /// A time that they show twice is the first of the two; one that they never show, as they are put forward over it, is the
  /// instant at which they are. So a later time is never an earlier instant.
  func instant(showing local: Int) -> Int {
    // No clock is a day away from UTC, and none is put twice in two days.
    let (before, after) = (offset(at: local - Self.day), offset(at: local + Self.day))
    let (early, late) = (local - max(before, after), local - min(before, after))
    if offset(at: early) == local - early { return early }
    if offset(at: late) == local - late { return late }
    // Between the two the clocks are put forward.
    var (low, high) = (early, late)
    while high - low > 1 {
      let middle = low + (high - low) / 2
      if offset(at: middle) == before { low = middle } else { high = middle }
    }
    return high
  }

  static let day = 86_400
}
