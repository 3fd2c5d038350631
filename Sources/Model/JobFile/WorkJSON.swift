extension Work {
  /// The keys of a task that are its type's own.
  var jsonMembers: [JSONValue.Member] {
    switch self {
    case .gitCheckout(let work): work.jsonMembers
    case .executeShell(let work): work.jsonMembers
    case .publishArtifacts(let work): work.jsonMembers
    case .copyArtifacts(let work): work.jsonMembers
    case .gitPromote(let work): work.jsonMembers
    }
  }
}

extension GitCheckout {
  fileprivate var jsonMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("repository", .string(repository)), .init("ref", .string(ref))]
    if !directory.isEmpty { members.append(.init("directory", .string(directory))) }
    if submodules { members.append(.init("submodules", .boolean(true))) }
    if let jobFiles { members.append(.init("jobFiles", jobFiles.jsonValue)) }
    return members
  }
}

extension ExecuteShell {
  fileprivate var jsonMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    switch command {
    case .script(let script): members.append(.init("script", .string(script)))
    case .arguments(let arguments): members.append(.init("command", .strings(arguments)))
    }
    if !environment.isEmpty {
      let values = environment.sorted { $0.key < $1.key }
      members.append(.init("environment", .object(values.map { .init($0.key, .string($0.value)) })))
    }
    if !directory.isEmpty { members.append(.init("directory", .string(directory))) }
    if let generates { members.append(.init("generates", .string(generates))) }
    if let split { members.append(.init("split", split.jsonValue)) }
    if !reports.isEmpty { members.append(.init("reports", .strings(reports))) }
    return members
  }
}

extension PublishArtifacts {
  fileprivate var jsonMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = [
      .init("files", .strings(files)), .init("ifMissing", .string(ifMissing.rawValue)),
    ]
    if let keep { members.append(.init("keep", .string(TaskDuration.text(keep)))) }
    return members
  }
}

extension CopyArtifacts {
  fileprivate var jsonMembers: [JSONValue.Member] {
    let source: JSONValue = .object([.init("job", .string(job.rawValue)), .init("build", .string(build))])
    var members: [JSONValue.Member] = [.init("from", source), .init("files", .strings(files))]
    if !into.isEmpty { members.append(.init("into", .string(into))) }
    members.append(.init("ifMissing", .string(ifMissing.rawValue)))
    return members
  }
}

extension GitPromote {
  fileprivate var jsonMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = [.init("repository", .string(repository)), .init("ref", .string(ref))]
    if force { members.append(.init("force", .boolean(true))) }
    return members
  }
}
