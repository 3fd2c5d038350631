import Foundation
import Measurement
import Testing

@testable import Model

@Suite struct ScheduleTests {
  private let job: JobName

  init() throws { job = try JobName("library") }

  private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(text: text + ":00.000Z"), "\(text)") }

  /// The instants without the seconds by which the job's name puts them off.
  private func minutes(_ cron: String, _ zone: String, after start: String, _ count: Int) throws -> [String] {
    let schedule = try Schedule(ScheduleTrigger(cron: cron, timezone: zone), of: job)
    var instants: [Timestamp] = []
    while instants.count < count, let next = schedule.next(after: try instants.last ?? time(start)) {
      instants.append(next)
    }
    return instants.map { String($0.text.prefix(16)) }
  }

  /// An expression, a time in UTC, and what comes after it.
  @Test(arguments: [
    ("17 3 * * *", "2026-01-31T09:05", ["2026-02-01T03:17", "2026-02-02T03:17"]),
    ("17 3 * * 1-5", "2026-01-30T09:05", ["2026-02-02T03:17", "2026-02-03T03:17"]),
    ("*/20 8-9 * * MON", "2026-02-02T08:39", ["2026-02-02T08:40", "2026-02-02T09:00", "2026-02-02T09:20"]),
    ("5,10-14/2 0 * * *", "2026-02-02T00:05", ["2026-02-02T00:10", "2026-02-02T00:12", "2026-02-02T00:14"]),
    ("50/5 23 31 DEC *", "2026-02-02T00:05", ["2026-12-31T23:50", "2026-12-31T23:55", "2027-12-31T23:50"]),
    ("0 0 29 2 *", "2026-01-01T00:00", ["2028-02-29T00:00", "2032-02-29T00:00"]),
    ("0 0 31 * *", "2026-01-31T00:30", ["2026-03-31T00:00", "2026-05-31T00:00"]),
    // Of the two fields for days, either is enough when both are given, and both count when one begins with a star.
    ("0 0 13 * FRI", "2026-02-07T00:00", ["2026-02-13T00:00", "2026-02-20T00:00"]),
    ("0 0 13 * 5", "2026-05-09T00:00", ["2026-05-13T00:00", "2026-05-15T00:00"]),
    ("0 0 */2 * SUN", "2026-02-01T00:30", ["2026-02-15T00:00", "2026-03-01T00:00"]),
    ("0 0 * * FRI-SUN", "2026-02-02T00:00", ["2026-02-06T00:00", "2026-02-07T00:00", "2026-02-08T00:00"]),
    ("0 0 * * 7", "2026-02-02T00:00", ["2026-02-08T00:00"]), ("0 0 * * sun", "2026-02-02T00:00", ["2026-02-08T00:00"]),
    ("0 0 29 FEB */7", "2026-01-01T00:00", ["2032-02-29T00:00", "2060-02-29T00:00"]),
    ("* * * * *", "2026-12-31T23:58", ["2026-12-31T23:59", "2027-01-01T00:00"]),
  ]) func calendar(cron: String, start: String, expected: [String]) throws {
    // The seconds of the minute in which it begins may still be to come.
    let found = try minutes(cron, "UTC", after: start, expected.count + 1).filter { $0 > start }
    #expect(found.prefix(expected.count) == expected[...])
  }

  /// Helsinki's clocks go from 3:00 to 4:00 on 2026-03-29 and from 4:00 to 3:00 on 2026-10-25, both at 1:00 UTC.
  @Test(arguments: [
    // Put forward over: once, when they are.
    ("30 3 * * *", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:30"]),
    ("0,20,40 3 * * *", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-30T00:00"]),
    ("30 3,4 * * *", "2026-03-28T12:00", ["2026-03-29T01:00", "2026-03-29T01:30", "2026-03-30T00:30"]),
    // Shown twice: once, the first time.
    ("30 3 * * *", "2026-10-24T12:00", ["2026-10-25T00:30", "2026-10-26T01:30"]),
    ("30 2-4 * * *", "2026-10-24T12:00", ["2026-10-24T23:30", "2026-10-25T00:30", "2026-10-25T02:30"]),
    // Every hour: as the hours pass.
    ("30 * * * *", "2026-03-28T23:45", ["2026-03-29T00:30", "2026-03-29T01:30"]),
    ("30 * * * *", "2026-10-24T23:45", ["2026-10-25T00:30", "2026-10-25T01:30", "2026-10-25T02:30"]),
  ]) func daylightSaving(cron: String, start: String, expected: [String]) throws {
    #expect(try minutes(cron, "Europe/Helsinki", after: start, expected.count) == expected)
  }

  /// What a clock on the wall says, minute by minute: whenever it shows a time for the first time, that one fires, together
  /// with all that it left out on the way there.
  private func watchingTheWall(
    _ cron: CronExpression, _ wall: [(minute: Int, shown: Int)]
  ) -> [Int] {
    var fired: [Int] = []
    var highest = Int.min
    for (minute, shown) in wall {
      let first = highest == .min ? shown : highest + 1
      let news = first <= shown ? Array(first...shown) : []
      highest = max(highest, shown)
      let candidates = cron.isEveryHour ? [shown] : news
      let isHit = candidates.contains { local in
        cron.contains(CivilDate(days: Int((Double(local) / 1_440).rounded(.down))))
          && cron.hours.contains((local / 60) % 24) && cron.minutes.contains(local % 60)
      }
      if isHit { fired.append(minute) }
    }
    return fired
  }

  @Test(
    "Any schedule fires as somebody would who watches a clock on the wall, also when it is put",
    arguments: [
      ("Europe/Helsinki", "2026-03-27T00:00"), ("Europe/Helsinki", "2026-10-23T00:00"),
      ("America/New_York", "2026-03-06T00:00"), ("America/New_York", "2026-10-30T00:00"),
      // By half an hour; by a day; at midnight; never.
      ("Australia/Lord_Howe", "2026-04-03T00:00"), ("Australia/Lord_Howe", "2026-10-02T00:00"),
      ("Pacific/Apia", "2011-12-29T00:00"), ("America/Havana", "2026-10-30T00:00"),
      ("America/Havana", "2026-03-06T00:00"),
      ("Asia/Kolkata", "2026-03-27T00:00"),
    ])
  func againstTheWall(zone: String, start: String) throws {
    let timeZone = try #require(TimeZone(identifier: zone))
    var random = SeededGenerator(seed: 17)
    let first = Int(try time(start).milliseconds / 60_000)
    func field(_ range: ClosedRange<Int>, _ most: Int) -> String {
      let count = Int.random(in: 0...most, using: &random)
      guard count > 0 else { return "*" }
      return (0..<count).map { _ in String(Int.random(in: range, using: &random)) }.joined(separator: ",")
    }
    let wall = (first - 2_880...first + 5_760).map { minute in
      let instant = Date(timeIntervalSince1970: Double(minute * 60))
      return (minute, minute + timeZone.secondsFromGMT(for: instant) / 60)
    }
    var total = 0
    for _ in 0..<40 {
      let text = "\(field(0...59, 4)) \(field(0...5, 3)) * * \(field(0...6, 4))"
      let cron = try CronExpression(text, job: "library")
      let expected = watchingTheWall(cron, wall).filter { $0 > first }
      let schedule = try Schedule(ScheduleTrigger(cron: text, timezone: zone), of: job)
      let end = Timestamp(milliseconds: Int64(first + 5_761) * 60_000 - 1)
      var found: [Int] = []
      var last = Timestamp(milliseconds: Int64(first + 1) * 60_000 - 1)
      while let next = schedule.next(after: last), next <= end {
        last = next
        found.append(Int(next.milliseconds / 60_000))
      }
      #expect(found == expected, "\(text) in \(zone)")
      total += found.count
    }
    #expect(total > 500, "the schedules fire at all")
  }

  @Test(
    "Jobs of the same minute start in different seconds; H spreads them over hours and minutes, each always the same")
  func spread() throws {
    let names = try (0..<300).map { try JobName("job-\($0)") }
    func instants(_ cron: String) throws -> [Timestamp] {
      try names.map { name in
        try #require(
          try Schedule(ScheduleTrigger(cron: cron), of: name).next(after: try time("2026-01-31T12:00")))
      }
    }
    let midnight = try instants("0 0 * * *")
    #expect(midnight.allSatisfy { $0.text.hasPrefix("2026-02-01T00:00:") })
    #expect(Set(midnight).count > 50)
    let daily = try instants("@daily")
    #expect(Set(daily.map { $0.text.prefix(16) }).count > 200)
    #expect(Set(daily.map { $0.text.dropFirst(11).prefix(2) }).count == 24)
    #expect(try daily == instants("H H * * *"))
    for (cron, range) in [("H(10-20) 4 * * *", 10...20), ("H/15 4 * * *", 0...14)] {
      #expect(try instants(cron).allSatisfy { range.contains(Int($0.text.dropFirst(14).prefix(2)) ?? -1) }, "\(cron)")
    }
    #expect(try minutes("H/15 4 1 1 *", "UTC", after: "2026-01-01T00:00", 5).filter { $0 < "2026-01-02" }.count == 4)
  }

  @Test("Of a span of time, the latest instants are found without walking through all of it")
  func latest() throws {
    let schedule = try Schedule(ScheduleTrigger(cron: "* * * * *"), of: job)
    let (start, end) = (try time("2020-01-01T00:00"), try time("2026-01-01T00:00"))
    let found = schedule.latest(3, after: start, through: end)
    #expect(found.map { $0.text.prefix(16) } == ["2025-12-31T23:57", "2025-12-31T23:58", "2025-12-31T23:59"])
    #expect(schedule.latest(100, after: end.adding(.seconds(-120)), through: end).count == 2)
    #expect(schedule.latest(1, after: end.adding(.milliseconds(-1)), through: end).isEmpty)
    let rare = try Schedule(ScheduleTrigger(cron: "0 0 29 2 *"), of: job)
    #expect(rare.latest(5, after: start, through: end).map { $0.text.prefix(10) } == ["2020-02-29", "2024-02-29"])
  }

  /// What was missed, by what the schedule wants of it.
  @Test(arguments: [
    (ScheduleTrigger.CatchUp.latest, ["2026-01-03T03:00"]), (.none, []),
    (.all, ["2026-01-01T03:00", "2026-01-02T03:00", "2026-01-03T03:00"]),
  ]) func catchingUp(catchUp: ScheduleTrigger.CatchUp, expected: [String]) throws {
    var state = ScheduleState(
      ScheduleTrigger(cron: "0 3 * * *", catchUp: catchUp), of: job, now: try time("2025-12-31T12:00"))
    let now = try time("2026-01-03T12:00")
    var fired: [String] = []
    while let due = state.due, due <= now {
      if let instant = state.fire(of: job, now: now) { fired.append(String(instant.text.prefix(16))) }
    }
    #expect(fired == expected)
    #expect(state.due?.text.prefix(16) == "2026-01-04T03:00")
    // In time, all of them start their build.
    let due = try #require(state.due)
    #expect(state.fire(of: job, now: due.adding(.seconds(40))) == due)
  }

  @Test("Of too many that were missed, the latest hundred are caught up")
  func manyMissed() throws {
    var state = ScheduleState(
      ScheduleTrigger(cron: "* * * * *", catchUp: .all), of: job, now: try time("2025-12-31T00:00"))
    let now = try time("2026-01-03T12:00")
    var count = 0
    while let due = state.due, due <= now { if state.fire(of: job, now: now) != nil { count += 1 } }
    #expect(count == ScheduleTrigger.mostCaughtUp)
  }

  @Test("A clock that is put back a little fires nothing again; one that had been far ahead does not stop the schedule")
  func wrongClocks() throws {
    let start = try time("2026-01-01T00:00")
    var state = ScheduleState(ScheduleTrigger(cron: "0 3 * * *"), of: job, now: start)
    let due = try #require(state.due)
    #expect(state.fire(of: job, now: due) == due)
    let before = state
    state.correct(of: job, now: due.adding(.seconds(-3_600)))
    #expect(state == before && state.fire(of: job, now: due) == nil)
    let ahead = try time("2031-01-01T12:00")
    #expect(state.fire(of: job, now: ahead)?.text.prefix(10) == "2031-01-01")
    state.correct(of: job, now: try time("2026-01-02T12:00"))
    #expect(state.due?.text.prefix(16) == "2026-01-03T03:00")
  }

  @Test(arguments: [
    ("", "five fields"), ("* * * *", "five fields, not 4"), ("* * * * * *", "not 6"), ("60 * * * *", "is no minute"),
    ("* 24 * * *", "is no hour"), ("* * 0 * *", "is no day of the month"), ("* * * JANUARY *", "JAN to DEC"),
    ("* * * * 8", "is no day of the week"), ("5-1 * * * *", "backwards"), ("*/0 * * * *", "the step"),
    ("*/x * * * *", "the step"), ("1, * * * *", "is no minute"), ("+1 * * * *", "is no minute"),
    ("H(3 * * * *", "is no minute"), ("H() * * * *", "is no minute"), ("1-2-3 * * * *", "is no minute"),
    ("0 0 31 2,4,6 *", "such a day"), ("@wekly", "@weekly?"), ("@reboot", "@daily"),
    (String(repeating: "1,", count: 600), "1,000 are the most"),
  ]) func mistakes(cron: String, piece: String) {
    do throws(ValidationError) {
      _ = try CronExpression(cron, job: "library")
      Issue.record("\(cron) is taken")
    } catch {
      #expect(error.description.contains(piece), "\(error)")
    }
  }
}
