package import Foundation
package import Model

extension Timestamp {
  /// By this host's clock.
  static var now: Timestamp { Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000)) }

  /// Date and time of a place, such as `2026-01-31 09:05:00`.
  package func local(in timeZone: TimeZone) -> String {
    let date = Date(timeIntervalSince1970: Double(milliseconds) / 1_000)
    let style = Date.ISO8601FormatStyle(dateTimeSeparator: .space, timeZone: timeZone)
    return date.formatted(style.year().month().day().time(includingFractionalSeconds: false))
  }
}
