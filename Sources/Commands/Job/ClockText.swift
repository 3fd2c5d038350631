import Foundation
import Model

/// What starts builds of a job as time goes by, for people.
enum ClockText {
  static func lines(_ view: JobView, timeZone: TimeZone) -> [String] {
    (view.schedules ?? []).flatMap { lines($0, timeZone) } + (view.polls ?? []).flatMap { lines($0, timeZone) }
  }

  private static func lines(_ schedule: ScheduleView, _ timeZone: TimeZone) -> [String] {
    let next = schedule.next.map { "next build \($0.time.local(in: timeZone))" } ?? "no build to come"
    let last = schedule.last.map { ", last for \($0.time.local(in: timeZone))" } ?? ""
    return ["schedule \(schedule.cron) (\(schedule.timezone)): \(next)\(last)"]
      + (schedule.error.map { ["  error: \($0)"] } ?? [])
  }

  private static func lines(_ poll: PollView, _ timeZone: TimeZone) -> [String] {
    let branches = poll.branches.isEmpty ? "all branches" : poll.branches.joined(separator: ", ")
    let looked = poll.looked.map { "last seen \($0.time.local(in: timeZone))" } ?? "not seen yet"
    let failures = poll.failures > 0 ? ", failures in a row: \(poll.failures)" : ""
    return [
      "poll \(poll.repository) (\(branches)): \(looked), next look \(poll.next.time.local(in: timeZone))\(failures)"
    ] + (poll.error.map { ["  error: \($0)"] } ?? [])
  }
}
