extension Job {
  /// The job as a version 1 job file, always the same for the same job. Reading it gives the job back.
  package var json: String { jsonValue.prettyText }

  package var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("job", .string(name.rawValue))]
    if !description.isEmpty { members.append(.init("description", .string(description))) }
    if !parameters.isEmpty { members.append(.init("parameters", .array(parameters.map(\.jsonValue)))) }
    if !triggers.isEmpty { members.append(.init("triggers", .array(triggers.map(\.jsonValue)))) }
    if priority != 0 { members.append(.init("priority", .integer(priority))) }
    if let concurrency { members.append(.init("concurrency", concurrency.jsonValue)) }
    if let timeout { members.append(.init("timeout", .string(TaskDuration.text(timeout)))) }
    members.append(.init("tasks", .array(tasks.map(\.jsonValue))))
    if !then.isEmpty { members.append(.init("then", .array(then.map(\.jsonValue)))) }
    return .object(members)
  }
}

extension Concurrency {
  fileprivate var jsonValue: JSONValue {
    .object([
      .init("group", .string(group)), .init("limit", .integer(limit)), .init("whenBusy", .string(whenBusy.rawValue)),
    ])
  }
}

extension Parameter {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("name", .string(name.rawValue))]
    switch kind {
    case .string: members.append(.init("type", .string("string")))
    case .boolean: members.append(.init("type", .string("boolean")))
    case .integer: members.append(.init("type", .string("integer")))
    case .choice(let choices):
      members.append(.init("type", .string("choice")))
      members.append(.init("choices", .strings(choices)))
    }
    if let value = `default` { members.append(.init("default", json(of: value))) }
    return .object(members)
  }

  private func json(of value: String) -> JSONValue {
    switch kind {
    case .boolean: .boolean(value == "true")
    case .integer: Int(value).map(JSONValue.integer) ?? .string(value)
    case .string, .choice: .string(value)
    }
  }
}

extension TaskDefinition {
  var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", .string(name.rawValue)), .init("type", .string(work.kind.rawValue)),
      .init("needs", .strings(needs.map(\.rawValue))),
    ]
    if !labels.isEmpty { members.append(.init("labels", .strings(labels.map(\.rawValue)))) }
    if let timeout { members.append(.init("timeout", .string(TaskDuration.text(timeout)))) }
    if let idleTimeout { members.append(.init("idleTimeout", .string(TaskDuration.text(idleTimeout)))) }
    return .object(members + optionMembers + work.jsonMembers)
  }
}

extension Continuation {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("job", .string(job.rawValue)), .init("on", .string(on.rawValue))]
    if !all.isEmpty { members.append(.init("all", .strings(all.map(\.rawValue)))) }
    if !parameters.isEmpty {
      let values = parameters.sorted { $0.key < $1.key }
      members.append(.init("parameters", .object(values.map { .init($0.key.rawValue, .string($0.value)) })))
    }
    return .object(members)
  }
}
