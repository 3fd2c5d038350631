import Foundation

extension Timestamp {
  /// ISO 8601 in UTC with milliseconds, such as `2026-01-31T09:05:00.250Z`: the form in which people and other programs see
  /// times.
  package var text: String {
    // Whole seconds are exact in a `Date`; what a fraction becomes is cut off, which may lose a millisecond.
    let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1_000)
    let (whole, fraction) = rest < 0 ? (seconds - 1, rest + 1_000) : (seconds, rest)
    let digits = String(1_000 + fraction).dropFirst()
    return Date(timeIntervalSince1970: Double(whole)).formatted(.iso8601).dropLast() + ".\(digits)Z"
  }

  /// Reads ``text``; `nil` for anything else.
  package init?(text: String) {
    guard let date = try? Timestamp.style.parse(text) else { return nil }
    self.init(milliseconds: Int64((date.timeIntervalSince1970 * 1_000).rounded()))
  }

  private static var style: Date.ISO8601FormatStyle { .init(includingFractionalSeconds: true) }
}

/// A ``Timestamp`` in what other programs read: encoded as its ``Timestamp/text``.
package struct InstantText: Hashable, Sendable, Codable, CustomStringConvertible {
  package let time: Timestamp

  package init(_ time: Timestamp) {
    self.time = time
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    let text = try container.decode(String.self)
    guard let time = Timestamp(text: text) else {
      throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(text) is not a time in ISO 8601")
    }
    self.time = time
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(time.text)
  }

  package var description: String { time.text }
}
