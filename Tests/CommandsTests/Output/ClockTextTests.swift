import Foundation
import Model
import Testing

@testable import Commands

@Suite struct ClockTextTests {
  @Test func `what comes next is said in the reader's time, and what went wrong`() throws {
    let job = try JobName("library")
    let start = try #require(Timestamp(text: "2026-01-31T12:00:00.000Z"))
    let trigger = ScheduleTrigger(cron: "30 3 * * *", timezone: "Europe/Helsinki")
    let schedule = ScheduleState(trigger, of: job, now: start)
    var poll = PollState(PollTrigger(repository: "octo/library", branches: ["main"]), now: start)
    poll.succeed(with: [:], now: start)
    poll.fail(because: "Could not resolve host", now: start)
    var view = JobView(job: job, description: "", revision: "", updated: InstantText(start))
    #expect(ClockText.lines(view, timeZone: .gmt).isEmpty)
    view.schedules = [ScheduleView(schedule)]
    view.polls = [PollView(poll)]
    let lines = ClockText.lines(view, timeZone: .gmt)
    #expect(lines.count == 3, "\(lines)")
    #expect(lines[0].hasPrefix("schedule 30 3 * * * (Europe/Helsinki): next build 2026-02-01 01:30:"), "\(lines[0])")
    #expect(lines[1].contains("octo/library (main)") && lines[1].contains("failures in a row: 1"))
    #expect(lines[2].contains("Could not resolve host"))
  }
}
