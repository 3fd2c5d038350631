/// When tasks run, and when they run again.
extension JobFileReader {
  mutating func condition(_ place: JSONPlace) -> Condition? {
    guard let object = object(place, .when) else { return nil }
    let status: Condition.Status? = object["status"].map { self.word($0) } ?? .success
    let branches = object["branch"].map { self.patterns($0) } ?? []
    let events = object["event"].map { self.events($0) } ?? []
    let changed = object["changed"].map { self.patterns($0, ofPaths: true) } ?? []
    let parameters = object["parameter"].map { self.wantedParameters($0) } ?? [:]
    guard let status, let branches, let events, let changed, let parameters else { return nil }
    return Condition(status: status, branches: branches, events: events, changed: changed, parameters: parameters)
  }

  private mutating func patterns(_ place: JSONPlace, ofPaths: Bool = false) -> [String]? {
    guard let places = list(place, limit: JobLimits.globs), isSomething(places, at: place) else { return nil }
    return all(places) { reader, place in
      guard let text = reader.text(place) else { return nil }
      return reader.checked(place) { () throws(ValidationError) in
        ofPaths ? try RelativePath.glob(text).pattern : try Glob(text).pattern
      }
    }
  }

  private mutating func events(_ place: JSONPlace) -> [String]? {
    guard let places = list(place, limit: BuildCause.events.count), isSomething(places, at: place) else { return nil }
    let events = all(places) { (reader, place) -> String? in
      guard let text = reader.text(place) else { return nil }
      if BuildCause.events.contains(text) { return text }
      reader.reportUnknownWord(text, at: place, BuildCause.events)
      return nil
    }
    guard let events, refuseRepeats(events, at: places) else { return nil }
    return events
  }

  private mutating func wantedParameters(_ place: JSONPlace) -> [ParameterName: String]? {
    guard let object = object(place) else { return nil }
    var wanted: [ParameterName: String] = [:]
    let declared = references.filter { BuildValue(rawValue: $0) == nil }
    var isGood = true
    for member in object.members {
      let place = object.place.member(member)
      if let name = try? ParameterName(member.key), declared.contains(member.key) {
        wanted[name] = plainValue(place)
        isGood = isGood && wanted[name] != nil
      } else {
        isGood = false
        report(
          .unknownReference, at: member.keyPosition, path: place.path, "the job has no parameter \(member.key.quoted)",
          remedy: Suggestion.nearest(to: member.key, among: declared)
            .map { "did you mean \"\($0)\"?" } ?? "declare it in \"parameters\"")
      }
    }
    return isGood ? wanted : nil
  }

  /// A text, a number or a truth value, as the text that a build has for it.
  mutating func plainValue(_ place: JSONPlace) -> String? {
    switch place.node.content {
    case .boolean(let value): return String(value)
    case .number(let digits): return digits
    default:
      guard let text = text(place) else { return nil }
      return checked(place) { () throws(ValidationError) in try DeclaredField.parameters.check(text) }
    }
  }

  private mutating func isSomething(_ places: [JSONPlace], at place: JSONPlace) -> Bool {
    guard places.isEmpty else { return true }
    report(.invalidValue, at: place, "nothing is named, so the task would never run", remedy: "name what it runs for")
    return false
  }

  /// - Parameter keys: of the task.
  mutating func retry(_ place: JSONPlace, _ keys: KeyTable) -> Retry? {
    guard let object = object(place, .retry) else { return nil }
    let attempts = object["attempts"].flatMap { self.integer($0, in: JobLimits.attempts) }
    let wait = object["wait"].map { self.duration($0) } ?? 0
    let increment = object["increment"].map { self.duration($0) } ?? 0
    if keys != .executeShell, let place = object["onOutput"] {
      report(
        .invalidValue, at: place, "only the output of an execute-shell task is looked at",
        remedy: "leave it out: then every failure is tried again")
      return nil
    }
    let texts = object["onOutput"].map { self.outputTexts($0) } ?? []
    guard let attempts, let wait, let increment, let texts else { return nil }
    return Retry(attempts: attempts, wait: wait, increment: increment, onOutput: texts)
  }

  private mutating func outputTexts(_ place: JSONPlace) -> [String]? {
    guard let places = list(place, limit: JobLimits.outputTexts), isSomething(places, at: place) else { return nil }
    let texts = all(places) { (reader, place) -> String? in
      guard let text = reader.text(place) else { return nil }
      guard (1...JobLimits.outputTextBytes).contains(text.utf8.count) else {
        reader.report(
          .invalidValue, at: place, "a text to look for has \(text.utf8.count) bytes",
          remedy: "1 is the least and \(JobLimits.outputTextBytes) the most")
        return nil
      }
      return text
    }
    guard let texts, refuseRepeats(texts, at: places) else { return nil }
    return texts
  }
}
