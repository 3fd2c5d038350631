import Foundation

/// Points in time in words, as seen from another one.
struct MomentText {
  let now: Timestamp

  /// Such as `14:02 UTC`; with the date when it is another day.
  func clock(_ time: Timestamp) -> String {
    let text = time.text
    let (date, clock) = (text.prefix(10), text.dropFirst(11).prefix(5))
    return date == now.text.prefix(10) ? "\(clock) UTC" : "\(date) \(clock) UTC"
  }

  /// Such as `in about 6 minutes`, of a time to come.
  func coming(_ time: Timestamp) -> String {
    time <= now ? "any moment" : "in \(about(time.since(now))) (\(clock(time)))"
  }

  /// Such as `about 3 more minutes expected`, of the end of what goes on.
  func remaining(_ end: Timestamp) -> String {
    end <= now ? "longer than usual" : "\(about(end.since(now))) more expected"
  }

  /// When somebody was seen last.
  func seen(_ time: Timestamp?) -> String {
    guard let time else { return "none is remembered" }
    let span = now.since(time)
    return span < .seconds(1) ? "last seen just now" : "last seen \(amount(span)) ago"
  }

  private func about(_ span: Duration) -> String { span < .seconds(10) ? "some seconds" : "about \(amount(span))" }

  private func amount(_ span: Duration) -> String {
    let seconds = Int(span.components.seconds)
    for (unit, size) in [("day", 86_400), ("hour", 3_600), ("minute", 60)] where seconds >= 2 * size || seconds == size
    {
      return count((seconds + size / 2) / size, unit)
    }
    return count(max(1, seconds), "second")
  }

  private func count(_ number: Int, _ unit: String) -> String { "\(number) \(unit)\(number == 1 ? "" : "s")" }
}
