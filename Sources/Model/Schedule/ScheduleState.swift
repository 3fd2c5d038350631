/// How far a schedule of a job has come: what one process leaves to the next, so that each instant is fired once.
package struct ScheduleState: Hashable, Sendable, Codable {
  package var trigger: ScheduleTrigger
  /// The instant that comes next; `nil` when there is none.
  package var due: Timestamp?
  /// What the clock said when that was worked out.
  package var reckoned: Timestamp
  /// The instant for which a build was wanted last.
  package var last: Timestamp?
  /// Why there is no build for it, in a sentence.
  package var error: String?

  /// What is later than this was missed, where the schedule wants nothing of what was missed: as long as another process may
  /// need to take over.
  package static let punctuality = Duration.seconds(300)
  /// A clock that is behind by more than any time zone was wrong before.
  private static let setBack = Duration.seconds(25 * 3_600)

  /// A schedule that begins now.
  package init(_ trigger: ScheduleTrigger, of job: JobName, now: Timestamp) {
    self.trigger = trigger
    reckoned = now
    begin(of: job, now: now)
  }

  /// Goes on to the next instant.
  ///
  /// - Returns: the instant to start a build for, if any.
  package mutating func fire(of job: JobName, now: Timestamp) -> Timestamp? {
    guard let due, due <= now, let schedule = schedule(of: job) else { return nil }
    let before = due.adding(.milliseconds(-1))
    let count = trigger.catchUp == .all ? ScheduleTrigger.mostCaughtUp : 1
    let instant = schedule.latest(count, after: before, through: now).first ?? due
    self.due = schedule.next(after: instant)
    reckoned = now
    if trigger.catchUp == .none, now.since(instant) > Self.punctuality { return nil }
    last = instant
    error = nil
    return instant
  }

  /// Begins anew where the clock had been far ahead: what comes next would be waited for until it has caught up.
  package mutating func correct(of job: JobName, now: Timestamp) {
    guard reckoned.since(now) > Self.setBack else { return }
    reckoned = now
    begin(of: job, now: now)
  }

  private mutating func begin(of job: JobName, now: Timestamp) { due = schedule(of: job)?.next(after: now) }

  /// The rules of a time zone may be known where the job was applied, and not here.
  private mutating func schedule(of job: JobName) -> Schedule? {
    do throws(ValidationError) {
      return try Schedule(trigger, of: job)
    } catch {
      due = nil
      self.error = error.description
      return nil
    }
  }
}
