/// What tasks deploy to.
extension JobFileReader {
  /// Reads the key `deploy` of a task: `true`, `false`, or what it deploys to.
  mutating func deploy(_ object: JSONObject, with matrix: Matrix?) -> (Bool, Deployment?) {
    guard let place = object["deploy"] else { return (false, nil) }
    if case .boolean(let isDeploy) = place.node.content { return (isDeploy, nil) }
    guard case .object = place.node.content else {
      report(
        .wrongType, at: place, "true, false or an object should stand here, not \(place.node.noun)",
        remedy: "write {\"environment\": \"stage\"}, or true for what is no environment")
      return (false, nil)
    }
    let deployment = referring(to: matrix, of: object) { reader in reader.deployment(place) }
    return (deployment != nil, deployment)
  }

  private mutating func deployment(_ place: JSONPlace) -> Deployment? {
    guard let object = object(place, .deploy) else { return nil }
    let environment = object["environment"].flatMap { field(.deploy, $0) }
    let approval = object["approval"].flatMap { boolean($0) }
    return environment.map { Deployment(environment: $0, approval: approval ?? false) }
  }
}

extension Deployment {
  var jsonValue: JSONValue {
    var members: [JSONValue.Member] = [.init("environment", .string(environment))]
    if approval { members.append(.init("approval", .boolean(true))) }
    return .object(members)
  }
}
