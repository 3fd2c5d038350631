/// What tasks do.
extension JobFileReader {
  /// - Parameter matrix: whose values the fields may refer to.
  mutating func work(_ object: JSONObject, _ keys: KeyTable, with matrix: Matrix?) -> Work? {
    referring(to: matrix, of: object) { reader in
      switch keys {
      case .gitCheckout: reader.gitCheckout(object).map(Work.gitCheckout)
      case .executeShell: reader.executeShell(object).map(Work.executeShell)
      case .publishArtifacts: reader.publishArtifacts(object).map(Work.publishArtifacts)
      case .copyArtifacts: reader.copyArtifacts(object).map(Work.copyArtifacts)
      case .gitPromote: reader.gitPromote(object).map(Work.gitPromote)
      default: nil
      }
    }
  }

  /// Reads fields that may refer to the values of a task's matrix.
  mutating func referring<Value>(
    to matrix: Matrix?, of object: JSONObject, _ read: (inout JobFileReader) -> Value
  ) -> Value {
    let outside = references
    references += matrix?.axes.map(\.name.rawValue) ?? []
    // One mistake, one diagnostic: what a matrix with a mistake would have named is not missed.
    if matrix == nil, case .object(let members)? = object["matrix"]?.node.content { references += members.map(\.key) }
    defer { references = outside }
    return read(&self)
  }

  private mutating func gitCheckout(_ object: JSONObject) -> GitCheckout? {
    let repository = object["repository"].flatMap { field(.repository, $0) }
    let ref = object["ref"].flatMap { field(.ref, $0) }
    let directory = object["directory"].flatMap { field(.directory, $0) }
    let submodules = object["submodules"].flatMap { self.boolean($0) }
    let jobFiles = object["jobFiles"].flatMap { self.jobFiles($0, of: object) }
    guard let repository else { return nil }
    return GitCheckout(
      repository: repository, ref: ref ?? jobFiles?.default ?? GitCheckout.defaultRef, directory: directory ?? "",
      submodules: submodules ?? false, jobFiles: jobFiles)
  }

  private mutating func executeShell(_ object: JSONObject) -> ExecuteShell? {
    let command = command(object)
    let environment = object["environment"].flatMap { self.environment($0) }
    let directory = object["directory"].flatMap { field(.directory, $0) }
    let generates = object["generates"].flatMap { field(.generates, $0) }
    let split = object["split"].flatMap { self.split($0) }
    let reports = object["reports"].flatMap { self.globs($0) }
    guard let command else { return nil }
    return ExecuteShell(
      command: command, environment: environment ?? [:], directory: directory ?? "", generates: generates,
      split: split, reports: reports ?? [])
  }

  private mutating func command(_ object: JSONObject) -> ExecuteShell.Command? {
    switch (object["script"], object["command"]) {
    case (let script?, nil): return text(script).map(ExecuteShell.Command.script)
    case (nil, let command?): return arguments(command).map(ExecuteShell.Command.arguments)
    case (nil, nil):
      guard !["script", "command"].contains(where: { isMisspelt($0, in: object, .executeShell) }) else { return nil }
      report(
        .missingKey, at: object.place, "an execute-shell task needs \"script\" or \"command\"",
        remedy: "add \"script\": \"make test\", or \"command\": [\"make\", \"test\"]")
    case (_?, let command?):
      report(
        .invalidValue, at: command, "the task has both a \"script\" and a \"command\"", remedy: "keep one of the two")
    }
    return nil
  }

  private mutating func arguments(_ place: JSONPlace) -> [String]? {
    guard let places = list(place, limit: JobLimits.arguments),
      let arguments = all(places, { reader, place in reader.text(place) })
    else { return nil }
    guard let program = arguments.first, !program.isEmpty else {
      report(.invalidValue, at: place, "the command names no program", remedy: "write [\"make\", \"test\"]")
      return nil
    }
    return arguments
  }

  private mutating func environment(_ place: JSONPlace) -> [String: String]? {
    guard let object = object(place) else { return nil }
    guard object.members.count <= JobLimits.environment else {
      report(
        .limit, at: place, "\(object.members.count) variables are set", remedy: "\(JobLimits.environment) are the most")
      return nil
    }
    var environment: [String: String] = [:]
    for member in object.members {
      let place = object.place.member(member)
      do throws(ValidationError) {
        try EnvironmentName.check(member.key)
      } catch {
        report(.invalidValue, at: member.keyPosition, path: place.path, error.message, remedy: error.remedy)
      }
      environment[member.key] = field(.environment, place)
    }
    return environment
  }

  private mutating func publishArtifacts(_ object: JSONObject) -> PublishArtifacts? {
    let files = object["files"].flatMap { self.globs($0) }
    let ifMissing: PublishArtifacts.IfMissing? = object["ifMissing"].flatMap { self.word($0) }
    let keep = object["keep"].flatMap { duration($0, in: PublishArtifacts.keepRange) }
    guard let files else { return nil }
    return PublishArtifacts(files: files, ifMissing: ifMissing ?? .fail, keep: keep)
  }

  private mutating func copyArtifacts(_ object: JSONObject) -> CopyArtifacts? {
    let source = object["from"].flatMap { self.object($0, .source) }
    let job: JobName? = source?["job"].flatMap { self.name($0) }
    let build = source?["build"].flatMap { self.buildSelector($0) }
    let files = object["files"].flatMap { self.globs($0) }
    let into = object["into"].flatMap { field(.into, $0) }
    let ifMissing: PublishArtifacts.IfMissing? = object["ifMissing"].flatMap { self.word($0) }
    guard let job, let files else { return nil }
    return CopyArtifacts(
      job: job, build: build ?? "latest-successful", files: files, into: into ?? "", ifMissing: ifMissing ?? .fail)
  }

  private mutating func gitPromote(_ object: JSONObject) -> GitPromote? {
    let repository = object["repository"].flatMap { field(.repository, $0) }
    let ref = object["ref"].flatMap { field(.ref, $0) }
    let force = object["force"].flatMap { self.boolean($0) }
    guard let repository, let ref else { return nil }
    return GitPromote(repository: repository, ref: ref, force: force ?? false)
  }

  /// A number may stand without quotes.
  private mutating func buildSelector(_ place: JSONPlace) -> String? {
    if case .number(let digits) = place.node.content { return field(.build, digits, place) }
    return field(.build, place)
  }
}
