/// Jobs of the 2013 format. Nothing was substituted then, so every text is taken literally.
extension JobFileReader {
  mutating func job2013(_ place: JSONPlace) -> Job? {
    guard let object = object(place, .job2013) else { return nil }
    let name: JobName? = object["job_id"].flatMap { self.name($0) }
    if let place = object["configuration-version"] { _ = text(place) }
    let tasks = object["tasks"].flatMap { self.tasks2013($0) }
    let downstream = object["downstream_jobs"].flatMap { self.downstream2013($0) }
    let hasWebhook = object["triggers"].map { self.hasWebhook2013($0) } ?? false
    guard let name, let tasks else { return nil }
    return Job(
      name: name, triggers: hasWebhook ? Format2013.triggers(for: tasks) : [], tasks: tasks,
      then: (downstream ?? []).map { Continuation(job: $0) })
  }

  private mutating func downstream2013(_ place: JSONPlace) -> [JobName]? {
    guard let places = list(place, limit: JobLimits.continuations) else { return nil }
    return all(places) { (reader, place) -> JobName? in reader.name(place) }
  }

  private mutating func hasWebhook2013(_ place: JSONPlace) -> Bool {
    let places = list(place, limit: JobLimits.triggers) ?? []
    for place in places {
      guard let object = object(place, .trigger2013) else { continue }
      if let type = object["type"], let text = text(type), text != "github-webhook" {
        reportUnknownWord(text, at: type, ["github-webhook"])
      }
      if let params = object["params"], params.node.content != .null {
        report(.wrongType, at: params, "a github-webhook has no params", remedy: "write null, or leave them out")
      }
    }
    return !places.isEmpty
  }

  private mutating func tasks2013(_ place: JSONPlace) -> [TaskDefinition]? {
    guard let places = list(place, limit: JobLimits.tasks) else { return nil }
    guard !places.isEmpty else {
      report(.invalidValue, at: place, "a job without tasks does nothing", remedy: "add a task")
      return nil
    }
    var tasks: [TaskDefinition] = []
    for (index, place) in places.enumerated() {
      guard var task = task2013(place, number: index + 1) else { continue }
      if let above = tasks.last { task.needs = [above.name] }
      tasks.append(task)
    }
    return tasks.count == places.count ? tasks : nil
  }

  private mutating func task2013(_ place: JSONPlace, number: Int) -> TaskDefinition? {
    guard let object = object(place, .task2013), let typePlace = object["type"], let type = text(typePlace),
      let params = object["params"]
    else { return nil }
    var labels: [Label] = []
    var timeout: Int?
    let work: Work?
    switch type {
    case "git-checkout": work = gitCheckout2013(params).map(Work.gitCheckout)
    case "publish-artifacts": work = publishArtifacts2013(params).map(Work.publishArtifacts)
    case "copy-artifacts": work = copyArtifacts2013(params).map(Work.copyArtifacts)
    case "execute-shell":
      guard let object = self.object(params, .executeShell2013) else { return nil }
      work = executeShell2013(object).map(Work.executeShell)
      labels = object["nodelabels"].flatMap { self.labels($0) } ?? []
      timeout = object["timeout"].flatMap { self.integer($0, in: TaskDuration.range) }
    default:
      reportUnknownWord(type, at: typePlace, KeyTable.taskTypes.keys.sorted())
      return nil
    }
    guard let work, let name = try? TaskName("task-\(number)-\(type)") else { return nil }
    return TaskDefinition(name: name, needs: [], labels: labels, timeout: timeout, work: work)
  }

  private mutating func gitCheckout2013(_ place: JSONPlace) -> GitCheckout? {
    guard let object = object(place, .gitCheckout2013) else { return nil }
    let repository = object["repository"].flatMap { literal2013(.repository, $0) }
    let ref = object["ref"].map { literal2013(.ref, $0) } ?? Format2013.ref
    let directory = object["checkout-dir"].map { literal2013(.directory, $0) } ?? ""
    guard let repository, let ref, let directory else { return nil }
    return GitCheckout(repository: repository, ref: ref, directory: directory)
  }

  private mutating func executeShell2013(_ object: JSONObject) -> ExecuteShell? {
    let script = object["script"].flatMap { self.text($0) }
    let directory = object["working_directory"].map { literal2013(.directory, $0) } ?? ""
    guard let script, let directory else { return nil }
    return ExecuteShell(command: .script(script), directory: directory)
  }

  /// Publishing nothing was no failure.
  private mutating func publishArtifacts2013(_ place: JSONPlace) -> PublishArtifacts? {
    guard let object = object(place, .publishArtifacts2013) else { return nil }
    let files = object["artifacts"].flatMap { self.globs2013($0, Format2013.glob(shell:)) }
    return files.map { PublishArtifacts(files: $0, ifMissing: .ignore) }
  }

  /// Copying took the latest successful build, and copying nothing was no failure.
  private mutating func copyArtifacts2013(_ place: JSONPlace) -> CopyArtifacts? {
    guard let object = object(place, .copyArtifacts2013) else { return nil }
    let job: JobName? = object["job"].flatMap { self.name($0) }
    let files = object["artifacts"].flatMap { self.globs2013($0, Format2013.glob(fnmatch:)) }
    let into = object["target_directory"].map { literal2013(.into, $0) } ?? ""
    guard let job, let files, let into else { return nil }
    return CopyArtifacts(job: job, files: files, into: into, ifMissing: .ignore)
  }

  private mutating func globs2013(_ place: JSONPlace, _ translate: (String) -> String) -> [String]? {
    guard let places = list(place, limit: JobLimits.globs) else { return nil }
    return all(places) { reader, place in reader.literal2013(.files, place, translate) }
  }

  /// A text that stands for itself, written so that it still does in version 1.
  private mutating func literal2013(
    _ field: DeclaredField, _ place: JSONPlace, _ translate: (String) -> String = { $0 }
  ) -> String? {
    guard let text = text(place) else { return nil }
    return checked(place) { () throws(ValidationError) in Template.escaping(try field.check(translate(text))) }
  }
}
