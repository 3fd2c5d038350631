extension Trigger {
  var jsonValue: JSONValue {
    switch self {
    case .push(let push): push.jsonValue
    case .schedule(let schedule): schedule.jsonValue
    case .poll(let poll): poll.jsonValue
    case .pullRequest(let pull): pull.jsonValue
    }
  }
}

extension PushTrigger {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("on", .string("push")), .init("repository", .string(repository))]
    for (key, globs) in [("branches", branches), ("tags", tags), ("paths", paths)] where !globs.isEmpty {
      members.append(.init(key, .strings(globs)))
    }
    return .object(members)
  }
}

extension ScheduleTrigger {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("on", .string("schedule")), .init("cron", .string(cron)), .init("timezone", .string(timezone)),
      .init("catchUp", .string(catchUp.rawValue)),
    ])
  }
}

extension PollTrigger {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("on", .string("poll")), .init("repository", .string(repository))]
    if !branches.isEmpty { members.append(.init("branches", .strings(branches))) }
    members.append(.init("every", .string(TaskDuration.text(every))))
    return .object(members)
  }
}

extension PullRequestTrigger {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("on", .string("pull-request")), .init("repository", .string(repository))]
    if !branches.isEmpty { members.append(.init("branches", .strings(branches))) }
    members.append(.init("forks", .string(forks.rawValue)))
    return .object(members)
  }
}
