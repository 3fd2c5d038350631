/// What starts builds.
extension JobFileReader {
  mutating func triggers(_ place: JSONPlace) -> [Trigger]? {
    guard let places = list(place, limit: JobLimits.triggers) else { return nil }
    return all(places) { reader, place in reader.trigger(place) }
  }

  private mutating func trigger(_ place: JSONPlace) -> Trigger? {
    guard let untyped = object(place) else { return nil }
    if let on = untyped["on"], case .string(let kind) = on.node.content, kind != "push" {
      if kind == "schedule" { return scheduleTrigger(place).map(Trigger.schedule) }
      if kind == "poll" { return pollTrigger(place).map(Trigger.poll) }
      if kind == "pull-request" { return pullRequestTrigger(place).map(Trigger.pullRequest) }
      reportUnknownWord(kind, at: on, ["push", "pull-request", "schedule", "poll"])
      return nil
    }
    guard let object = object(place, .pushTrigger) else { return nil }
    if let on = object["on"] { _ = text(on) }
    let repository = object["repository"].flatMap { self.triggerRepository($0) }
    let branches = object["branches"].map { self.triggerGlobs($0) } ?? []
    let tags = object["tags"].map { self.triggerGlobs($0) } ?? []
    let paths = object["paths"].map { self.triggerGlobs($0, ofPaths: true) } ?? []
    guard let repository, let branches, let tags, let paths else { return nil }
    return .push(PushTrigger(repository: repository, branches: branches, tags: tags, paths: paths))
  }

  private mutating func pullRequestTrigger(_ place: JSONPlace) -> PullRequestTrigger? {
    guard let object = object(place, .pullRequestTrigger) else { return nil }
    let repository = object["repository"].flatMap { self.triggerRepository($0) }
    let branches = object["branches"].map { self.triggerGlobs($0) } ?? []
    let forks: PullRequestTrigger.Forks? = object["forks"].map { self.word($0) } ?? .approve
    guard let repository, let branches, let forks else { return nil }
    return PullRequestTrigger(repository: repository, branches: branches, forks: forks)
  }

  mutating func triggerRepository(_ place: JSONPlace) -> String? {
    guard let text = literal(place) else { return nil }
    if RepositoryAddress.isForgeName(text) { return text }
    return checked(place) { () throws(ValidationError) in
      do throws(ValidationError) {
        return try RepositoryAddress(text).text
      } catch {
        throw ValidationError(error.message, remedy: "\(error.remedy), or OWNER/NAME at a forge")
      }
    }
  }

  mutating func triggerGlobs(_ place: JSONPlace, ofPaths: Bool = false) -> [String]? {
    guard let places = list(place, limit: JobLimits.globs) else { return nil }
    return all(places) { reader, place in
      guard let text = reader.literal(place) else { return nil }
      return reader.checked(place) { () throws(ValidationError) in
        ofPaths ? try RelativePath.glob(text).pattern : try Glob(text).pattern
      }
    }
  }

  /// A text in which references could not be resolved, since no build is there yet.
  mutating func literal(_ place: JSONPlace) -> String? {
    guard let text = text(place) else { return nil }
    guard (try? Template(text).references.isEmpty) ?? false, Template.escaping(text) == text else {
      report(
        .invalidValue, at: place, "a trigger cannot use ${…}",
        remedy: "write the value itself: a trigger is looked at before there is a build")
      return nil
    }
    return text
  }
}
