/// Reads a job file that is kept in the repository that it builds: as any other, but for what only an operator's job may do.
package enum KeptJobFile {
  /// - Parameters:
  ///   - file: what to call the file in diagnostics.
  ///   - bounds: what those who run DistCI let the repository's files do.
  ///   - limit: in bytes; the canonical text of a file may be longer than the file.
  /// - Throws: ``InvalidJobFile`` with everything that is wrong, up to ``JobLimits/diagnostics``.
  package static func parse(
    _ bytes: [UInt8], file: String, within bounds: KeptFileBounds, limit: Int = JobLimits.keptFileBytes
  ) throws(InvalidJobFile) -> Job {
    let place = try JobFile.read(
      bytes, file: file, .init(bytes: limit, depth: JobLimits.depth, values: JobLimits.values))
    var reader = JobFileReader(file: file)
    var job: Job?
    if Format2013.isUsed(by: place.node) {
      reader.report(
        .notSupportedYet, at: place, "a job file that is kept in a repository has no 2013 format",
        remedy: "write it in version 1: 'distci job show JOB --file' prints a job so")
    } else {
      job = reader.job(place)
    }
    if let job { reader.refuse(job, place, outside: bounds) }
    guard let job, reader.diagnostics.isEmpty else {
      throw InvalidJobFile(diagnostics: reader.diagnostics.sorted { $0.position < $1.position })
    }
    return job
  }
}

extension JobFileReader {
  /// Reports what the bounds do not allow.
  fileprivate mutating func refuse(_ job: Job, _ place: JSONPlace, outside bounds: KeptFileBounds) {
    if !bounds.files.defines(job.name) {
      refuse(
        place["job"], "files of this repository may not define a job called \(job.name)",
        "use a name that one of \(bounds.files.jobs.joined(separator: ", ")) matches", bounds, "jobs")
    }
    if job.priority > bounds.priority {
      report(
        .invalidValue, at: place["priority"], "the priority \(job.priority) is higher than the repository's",
        remedy: "\(bounds.priority) is the most: the priority of \(bounds.reader)")
    }
    if let group = job.concurrency?.group, !bounds.allows(group: group) {
      report(
        .invalidValue, at: place["concurrency"]["group"], "the group \(group.quoted) may be that of other jobs",
        remedy: "begin it with \"${job}/\", or with the name of a job of this repository")
    }
    let defaults = job.parameters.reduce(0) { $0 + ($1.default?.utf8.count ?? 0) }
    if defaults > JobLimits.keptDefaultBytes {
      report(
        .limit, at: place["parameters"], "the defaults of the parameters have \(defaults) bytes",
        remedy: "\(JobLimits.keptDefaultBytes) are the most in a repository; put long values into a file")
    }
    for (index, trigger) in job.triggers.enumerated() { refuse(trigger, place["triggers"][index], bounds) }
    for (index, task) in job.tasks.enumerated() { refuse(task, place["tasks"][index], bounds) }
    for (index, rule) in job.then.enumerated() where !bounds.files.reaches(rule.job) {
      refuse(
        place["then"][index]["job"], "files of this repository may not start the job \(rule.job)",
        "start one of this repository's own", bounds, "otherJobs")
    }
  }

  private mutating func refuse(_ trigger: Trigger, _ place: JSONPlace, _ bounds: KeptFileBounds) {
    if case .poll = trigger {
      report(
        .invalidValue, at: place["on"], "a job file that is kept in a repository does not look at repositories",
        remedy: "write a push trigger; \(bounds.reader) may have a poll, which starts what waits for a push")
    } else if let repository = trigger.repository, !bounds.isOwn(repository) {
      report(
        .invalidValue, at: place["repository"], "the files of \(bounds.repository) wait for no other repository",
        remedy: "name this one as \(bounds.reader) does")
    }
  }

  private mutating func refuse(_ task: TaskDefinition, _ place: JSONPlace, _ bounds: KeptFileBounds) {
    for label in task.labels where !bounds.files.labels.contains(label) {
      refuse(
        place["labels"], "files of this repository may not ask for the label \(label)",
        bounds.files.labels.isEmpty
          ? "leave it out" : "use \(bounds.files.labels.map(\.rawValue).joined(separator: ", "))", bounds, "labels")
    }
    if task.deploy { refuse(.deploy, "deploy", place["deploy"], bounds) }
    switch task.work {
    case .gitCheckout(let work):
      refuse(work.repository, place["repository"], bounds)
      if work.submodules { refuse(.submodules, "check out submodules", place["submodules"], bounds) }
      if work.jobFiles != nil {
        report(
          .invalidValue, at: place["jobFiles"], "only a job that was applied by hand reads job files",
          remedy: "leave it out")
      }
    case .gitPromote(let work):
      refuse(work.repository, place["repository"], bounds)
      refuse(.gitPromote, "move refs", place["type"], bounds)
    case .copyArtifacts(let work) where !bounds.files.reaches(work.job):
      refuse(
        place["from"]["job"], "files of this repository may not copy artifacts of \(work.job)",
        "copy those of a job of this repository", bounds, "otherJobs")
    case .executeShell, .publishArtifacts, .copyArtifacts: break
    }
  }

  private mutating func refuse(_ repository: String, _ place: JSONPlace, _ bounds: KeptFileBounds) {
    if (try? Template(repository).references.isEmpty) != true {
      report(
        .invalidValue, at: place, "a repository cannot use ${…} in a file that is kept in one",
        remedy: "write the address itself: which ones may be used is known before there is a build")
    } else if !bounds.reaches(repository) {
      refuse(
        place, "files of this repository may not use the repository \(repository.quoted)",
        "use \(bounds.repository)", bounds, "repositories")
    }
  }

  private mutating func refuse(
    _ permission: JobFiles.Permission, _ what: String, _ place: JSONPlace, _ bounds: KeptFileBounds
  ) {
    guard !bounds.files.allow.contains(permission) else { return }
    refuse(
      place, "tasks of a file of this repository may not \(what)", "leave it to another job", bounds,
      "allow\" with \"\(permission.rawValue)")
  }

  /// - Parameter key: of `jobFiles`, with which those who run DistCI allow it.
  private mutating func refuse(
    _ place: JSONPlace, _ message: String, _ remedy: String, _ bounds: KeptFileBounds, _ key: String
  ) {
    report(
      .invalidValue, at: place, message,
      remedy: "\(remedy), or ask who runs DistCI to allow it in \"\(key)\" of the job \(bounds.reader)")
  }
}

extension JSONPlace {
  /// The value of a key; the object itself where the key was left out.
  fileprivate subscript(key: String) -> JSONPlace {
    node[key].map { JSONPlace(node: $0, path: memberPath(key)) } ?? self
  }

  fileprivate subscript(index: Int) -> JSONPlace {
    guard case .array(let elements) = node.content, elements.indices.contains(index) else { return self }
    return element(index, elements[index])
  }
}
