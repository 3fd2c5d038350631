/// The instants at which a schedule fires: a pure function of the schedule, the job's name and the rules of its time zone.
///
/// A time that the clocks are put forward over fires once, at the instant when they are; one that they show twice fires once,
/// the first time. A schedule for every hour follows the hours as they pass instead: it neither waits nor hurries on such a
/// day. Each instant is put off by some seconds, less than a minute, that follow from the job's name: jobs of the same minute
/// do not start all at once.
package struct Schedule: Sendable {
  private let cron: CronExpression
  private let clock: LocalClock
  /// By so much its instants are put off.
  private let delay: Int

  /// The longest pause between two days that a calendar can name: a 29th of February that is a certain day of the week, about
  /// the year 2100.
  private static let longestPause = 41 * 366

  /// - Throws: ``ValidationError`` when the expression or the time zone is none.
  package init(_ trigger: ScheduleTrigger, of job: JobName) throws(ValidationError) {
    cron = try CronExpression(trigger.cron, job: job.rawValue)
    clock = try LocalClock(trigger.timezone)
    delay = Int(StableHash.of("\(job)/second") % 60)
  }

  /// The first instant after a time; `nil` when there is none for decades.
  package func next(after time: Timestamp) -> Timestamp? {
    let seconds = Int(time.milliseconds / 1_000) - (time.milliseconds % 1_000 < 0 ? 1 : 0)
    let begin = seconds - delay
    let found = cron.isEveryHour ? nextOfEveryHour(after: begin) : nextOfDay(after: begin)
    return found.map { Timestamp(milliseconds: Int64($0 + delay) * 1_000) }
  }

  /// The latest instants of a span of time, in their order.
  ///
  /// - Parameter count: so many at most.
  package func latest(_ count: Int, after start: Timestamp, through end: Timestamp) -> [Timestamp] {
    var width = Duration.seconds(600)
    while true {
      let from = max(start, end.adding(.zero - width))
      var found: [Timestamp] = []
      while let next = next(after: found.last ?? from), next <= end { found.append(next) }
      if found.count >= count || from == start { return found.suffix(count) }
      width = width * 4
    }
  }

  private func nextOfDay(after time: Int) -> Int? {
    let today = floorDay(time + clock.offset(at: time))
    let minutes = cron.hours.flatMap { hour in cron.minutes.map { hour * 3_600 + $0 * 60 } }
    guard let last = minutes.last else { return nil }
    // The day before may be the same instants, where clocks are put back at midnight.
    for day in today - 1...today + Self.longestPause where cron.contains(CivilDate(days: day)) {
      let midnight = day * LocalClock.day
      guard clock.instant(showing: midnight + last) > time else { continue }
      // Later times are later instants, so the first one that is late enough is found by halving.
      var (low, high) = (0, minutes.count - 1)
      while low < high {
        let middle = (low + high) / 2
        if clock.instant(showing: midnight + minutes[middle]) > time { high = middle } else { low = middle + 1 }
      }
      return clock.instant(showing: midnight + minutes[low])
    }
    return nil
  }

  private func nextOfEveryHour(after time: Int) -> Int? {
    var instant = time + 1
    // Clocks are put by whole minutes: once at the beginning of one, always at one.
    let past = positiveRemainder(instant + clock.offset(at: instant), 60)
    if past > 0 { instant += 60 - past }
    let end = instant + Self.longestPause * LocalClock.day
    while instant < end {
      let local = instant + clock.offset(at: instant)
      let day = floorDay(local)
      guard cron.contains(CivilDate(days: day)) else {
        instant = max(instant + 60, clock.instant(showing: (day + 1) * LocalClock.day))
        continue
      }
      if cron.minutes.contains((local - day * LocalClock.day) / 60 % 60) { return instant }
      instant += 60
    }
    return nil
  }

  private func floorDay(_ seconds: Int) -> Int {
    (seconds - positiveRemainder(seconds, LocalClock.day)) / LocalClock.day
  }

  private func positiveRemainder(_ value: Int, _ divisor: Int) -> Int { (value % divisor + divisor) % divisor }
}
