/// The keys of a task that every type may have.
extension TaskDefinition {
  var optionMembers: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if when != .ordinary { members.append(.init("when", when.jsonValue)) }
    if let retry { members.append(.init("retry", retry.jsonValue)) }
    if allowFailure { members.append(.init("allowFailure", .boolean(true))) }
    if deploy { members.append(.init("deploy", deployment?.jsonValue ?? .boolean(true))) }
    if let matrix { members.append(.init("matrix", matrix.jsonValue)) }
    return members
  }
}

extension Condition {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = []
    for (key, words) in [("branch", branches), ("event", events), ("changed", changed)] where !words.isEmpty {
      members.append(.init(key, .strings(words)))
    }
    if !parameters.isEmpty {
      members.append(.init("parameter", .combination(parameters, in: parameters.keys.sorted())))
    }
    if status != .success { members.append(.init("status", .string(status.rawValue))) }
    return .object(members)
  }
}

extension Retry {
  fileprivate var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("attempts", .integer(attempts))]
    if wait > 0 { members.append(.init("wait", .string(TaskDuration.text(wait)))) }
    if increment > 0 { members.append(.init("increment", .string(TaskDuration.text(increment)))) }
    if !onOutput.isEmpty { members.append(.init("onOutput", .strings(onOutput))) }
    return .object(members)
  }
}

extension Matrix {
  fileprivate var jsonValue: JSONValue {
    var members = axes.filter { !$0.values.isEmpty }.map { JSONValue.Member($0.name.rawValue, .strings($0.values)) }
    for (key, list) in [("include", include), ("exclude", exclude)] where !list.isEmpty {
      members.append(.init(key, .array(list.map { .combination($0, in: axes.map(\.name)) })))
    }
    return .object(members)
  }
}

extension JSONValue {
  fileprivate static func combination(_ values: [ParameterName: String], in order: [ParameterName]) -> JSONValue {
    .object(order.compactMap { name in values[name].map { .init(name.rawValue, .string($0)) } })
  }
}
