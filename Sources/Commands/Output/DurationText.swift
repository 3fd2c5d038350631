package import Model

/// Spans of time as people read them.
package enum DurationText {
  /// The two greatest units, such as `850 ms`, `12 s`, `3 m 05 s`, `2 h 00 m` or `4 d 07 h`.
  package static func text(_ duration: Duration) -> String {
    let seconds = max(0, duration.components.seconds)
    switch seconds {
    case 0: return "\(max(0, duration / .milliseconds(1)).rounded(.down).formatted) ms"
    case ..<60: return "\(seconds) s"
    case ..<3_600: return "\(seconds / 60) m \(padded(seconds % 60)) s"
    case ..<86_400: return "\(seconds / 3_600) h \(padded(seconds / 60 % 60)) m"
    default: return "\(seconds / 86_400) d \(padded(seconds / 3_600 % 24)) h"
    }
  }

  /// How long ago something was, by its greatest unit: `now`, `3 m ago`, `2 d ago`. Times to come, which clocks that differ
  /// make, are `now`.
  package static func ago(_ time: Timestamp, now: Timestamp) -> String {
    let seconds = now.since(time).components.seconds
    switch seconds {
    case ..<1: return "now"
    case ..<60: return "\(seconds) s ago"
    case ..<3_600: return "\(seconds / 60) m ago"
    case ..<86_400: return "\(seconds / 3_600) h ago"
    default: return "\(seconds / 86_400) d ago"
    }
  }

  private static func padded(_ number: Int64) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

extension Double {
  fileprivate var formatted: String { String(Int(self)) }
}
