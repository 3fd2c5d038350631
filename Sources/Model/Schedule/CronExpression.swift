/// Minutes of a calendar, as crontab(5) writes them: minute, hour, day of the month, month, day of the week.
///
/// Beside numbers, names, lists, ranges and steps, `H` stands for a value that follows from the job's name: always the same
/// for one job, and different ones for different jobs. `@hourly`, `@daily`, `@midnight`, `@weekly`, `@monthly` and `@yearly`
/// are made of it.
struct CronExpression: Hashable, Sendable {
  let minutes: [Int]
  let hours: [Int]
  private let days: CronField
  private let months: CronField
  private let weekdays: CronField

  private static let shorthands = [
    "@hourly": "H * * * *", "@daily": "H H * * *", "@midnight": "H H(0-2) * * *", "@weekly": "H H * * H",
    "@monthly": "H H H * *", "@yearly": "H H H H *", "@annually": "H H H H *",
  ]

  /// - Parameter job: what `H` is the hash of.
  /// - Throws: ``ValidationError`` when it is none, or no day is ever one of it.
  init(_ text: String, job: String) throws(ValidationError) {
    guard text.utf8.count <= 1_000 else {
      throw ValidationError("the cron expression has \(text.utf8.count) bytes", remedy: "1,000 are the most")
    }
    let written = text.split(separator: " ").joined(separator: " ")
    if written.first == "@", Self.shorthands[written] == nil {
      let known = Self.shorthands.keys.sorted()
      throw ValidationError(
        "\(written.quoted) is not known",
        remedy: Suggestion.nearest(to: written, among: known).map { "did you mean \($0)?" }
          ?? "write \(known.joined(separator: ", ")), or five fields")
    }
    let fields = (Self.shorthands[written] ?? written).split(separator: " ")
    guard fields.count == CronField.Kind.allCases.count else {
      throw ValidationError(
        "a cron expression has five fields, not \(fields.count)",
        remedy: "write minute, hour, day of the month, month and day of the week, such as \"17 3 * * 1-5\"")
    }
    minutes = try CronField(fields[0], .minute, job: job).values(of: .minute)
    hours = try CronField(fields[1], .hour, job: job).values(of: .hour)
    days = try CronField(fields[2], .day, job: job)
    months = try CronField(fields[3], .month, job: job)
    weekdays = try CronField(fields[4], .weekday, job: job)
    guard isPossible else {
      throw ValidationError(
        "no month that it names has such a day", remedy: "name another month, or a day that its months have")
    }
  }

  /// Whether it is the same in every hour of a day, so that it follows the hours as they pass and not the clock on the wall.
  var isEveryHour: Bool { hours.count == 24 }

  /// Whether it names this day. When both the day of the month and the day of the week are given, either is enough.
  func contains(_ date: CivilDate) -> Bool {
    guard months.contains(date.month) else { return false }
    let (day, weekday) = (days.contains(date.day), weekdays.contains(date.weekday))
    return days.isOpen || weekdays.isOpen ? day && weekday : day || weekday
  }

  private var isPossible: Bool {
    if !days.isOpen && !weekdays.isOpen { return true }
    let lengths = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return zip(1..., lengths).contains { month, length in
      months.contains(month) && (1...length).contains(where: days.contains)
    }
  }
}
