/// Which job files a checkout reads, and what these may do.
extension JobFileReader {
  /// - Parameter task: whose key it is.
  mutating func jobFiles(_ place: JSONPlace, of task: JSONObject) -> JobFiles? {
    guard let object = object(place, .jobFiles) else { return nil }
    refuseWhatIsNotOne(place, task)
    let files = object["files"].map { self.triggerGlobs($0, ofPaths: true) } ?? JobFiles.usualFiles
    let branch = object["default"].map { self.defaultBranch($0) } ?? JobFiles.usualBranch
    let jobs = object["jobs"].flatMap { self.triggerGlobs($0) }
    let labels = object["labels"].map { self.labels($0) } ?? []
    let repositories = object["repositories"].map { self.repositories($0) } ?? []
    let otherJobs = object["otherJobs"].map { self.otherJobs($0) } ?? []
    let allow = object["allow"].map { self.permissions($0) } ?? []
    for (key, list) in [("files", files), ("jobs", jobs)] where list?.isEmpty == true {
      if let place = object[key] {
        report(.invalidValue, at: place, "nothing is named", remedy: "write a glob such as \"library-*\"")
      }
    }
    guard let files, let branch, let jobs, let labels, let repositories, let otherJobs, let allow else { return nil }
    return JobFiles(
      files: files, default: branch, jobs: jobs, labels: labels, repositories: repositories, otherJobs: otherJobs,
      allow: allow)
  }

  /// One repository, whose files mean one thing, is read once in a job.
  private mutating func refuseWhatIsNotOne(_ place: JSONPlace, _ task: JSONObject) {
    if let earlier = jobFiles {
      report(
        .duplicate, at: place, "two tasks read job files, the first on line \(earlier.node.position.line)",
        remedy: "let a job of its own read the files of the other repository")
    } else {
      jobFiles = place
    }
    if let matrix = task["matrix"] {
      report(
        .invalidValue, at: matrix, "a task that reads job files has no matrix",
        remedy: "write a job for each repository")
    }
    if let repository = task["repository"], case .string(let text) = repository.node.content,
      (try? Template(text).references.isEmpty) == false
    {
      report(
        .invalidValue, at: repository, "the repository whose job files are read cannot use ${…}",
        remedy: "write the address itself: what its files may do holds for this repository alone")
    }
  }

  private mutating func defaultBranch(_ place: JSONPlace) -> String? {
    guard let text = literal(place) else { return nil }
    return checked(place) { () throws(ValidationError) in
      try GitRef.check(text)
      guard !text.hasPrefix("refs/") else {
        throw ValidationError("\(text.quoted) is not the name of a branch", remedy: "leave out refs/heads/")
      }
      return text
    }
  }

  private mutating func repositories(_ place: JSONPlace) -> [String]? {
    guard let places = list(place, limit: JobLimits.globs) else { return nil }
    return all(places) { (reader, place) -> String? in
      guard let text = reader.literal(place) else { return nil }
      return reader.checked(place) { () throws(ValidationError) in try RepositoryAddress(text).text }
    }
  }

  private mutating func otherJobs(_ place: JSONPlace) -> [JobName]? {
    guard let places = list(place, limit: JobLimits.globs) else { return nil }
    let jobs = all(places) { (reader, place) -> JobName? in reader.name(place) }
    guard let jobs, refuseRepeats(jobs.map(\.rawValue), at: places) else { return nil }
    return jobs
  }

  private mutating func permissions(_ place: JSONPlace) -> [JobFiles.Permission]? {
    guard let places = list(place, limit: JobLimits.globs) else { return nil }
    let words = all(places) { (reader, place) -> JobFiles.Permission? in reader.word(place) }
    guard let words, refuseRepeats(words.map(\.rawValue), at: places) else { return nil }
    return words
  }
}

extension JobFiles {
  var jsonValue: JSONValue {
    var members: [JSONValue.Member] = []
    if files != Self.usualFiles { members.append(.init("files", .strings(files))) }
    members.append(.init("default", .string(`default`)))
    members.append(.init("jobs", .strings(jobs)))
    if !labels.isEmpty { members.append(.init("labels", .strings(labels.map(\.rawValue)))) }
    if !repositories.isEmpty { members.append(.init("repositories", .strings(repositories))) }
    if !otherJobs.isEmpty { members.append(.init("otherJobs", .strings(otherJobs.map(\.rawValue)))) }
    if !allow.isEmpty { members.append(.init("allow", .strings(allow.map(\.rawValue)))) }
    return .object(members)
  }
}
