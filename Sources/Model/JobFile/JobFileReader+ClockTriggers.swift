/// What starts builds as time goes by.
extension JobFileReader {
  mutating func scheduleTrigger(_ place: JSONPlace) -> ScheduleTrigger? {
    guard let object = object(place, .scheduleTrigger) else { return nil }
    let cron = object["cron"].flatMap { self.cron($0) }
    let timezone = object["timezone"].map { self.timezone($0) } ?? ScheduleTrigger.usualTimezone
    let catchUp: ScheduleTrigger.CatchUp? = object["catchUp"].map { self.word($0) } ?? .latest
    guard let cron, let timezone, let catchUp else { return nil }
    return ScheduleTrigger(cron: cron, timezone: timezone, catchUp: catchUp)
  }

  mutating func pollTrigger(_ place: JSONPlace) -> PollTrigger? {
    guard let object = object(place, .pollTrigger) else { return nil }
    let repository = object["repository"].flatMap { self.triggerRepository($0) }
    let branches = object["branches"].map { self.triggerGlobs($0) } ?? []
    let every = object["every"].map { self.pollPause($0) } ?? PollTrigger.usualPause
    guard let repository, let branches, let every else { return nil }
    return PollTrigger(repository: repository, branches: branches, every: every)
  }

  private mutating func cron(_ place: JSONPlace) -> String? {
    guard let text = literal(place) else { return nil }
    return checked(place) { () throws(ValidationError) in
      _ = try CronExpression(text, job: "")
      return text
    }
  }

  private mutating func timezone(_ place: JSONPlace) -> String? {
    guard let text = literal(place) else { return nil }
    return checked(place) { () throws(ValidationError) in
      _ = try LocalClock(text)
      return text
    }
  }

  private mutating func pollPause(_ place: JSONPlace) -> Int? {
    guard let seconds = duration(place) else { return nil }
    guard seconds >= PollTrigger.leastPause else {
      report(
        .invalidValue, at: place, "looking every \(TaskDuration.text(seconds)) would be a burden to the server",
        remedy: "\(TaskDuration.text(PollTrigger.leastPause)) is the least; a push trigger starts builds at once")
      return nil
    }
    return seconds
  }
}
