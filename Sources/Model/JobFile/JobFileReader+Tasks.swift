/// The tasks and their order.
extension JobFileReader {
  mutating func tasks(_ place: JSONPlace) -> [TaskDefinition]? {
    guard let places = list(place, limit: JobLimits.tasks) else { return nil }
    guard !places.isEmpty else {
      report(.invalidValue, at: place, "a job without tasks does nothing", remedy: "add a task")
      return nil
    }
    return tasks(places)
  }

  mutating func tasks(_ places: [JSONPlace]) -> [TaskDefinition]? {
    let names = taskNames(places)
    let known = Dictionary(
      zip(names, places.indices).compactMap { name, index in name.map { ($0, index) } },
      uniquingKeysWith: { first, _ in first })
    var definitions: [TaskDefinition] = []
    for (index, place) in places.enumerated() {
      let above = index > 0 ? names[index - 1] : nil
      if let definition = task(place, above: above, known: known) { definitions.append(definition) }
    }
    reportCycles(names, at: places, known)
    guard definitions.count == places.count else { return nil }
    reportNameCollisions(definitions, at: places)
    return definitions
  }

  private mutating func taskNames(_ places: [JSONPlace]) -> [TaskName?] {
    var lines: [TaskName: Int] = [:]
    var names: [TaskName?] = []
    for place in places {
      guard let node = place.node["name"] else {
        names.append(nil)
        continue
      }
      let namePlace = JSONPlace(node: node, path: place.memberPath("name"))
      let name: TaskName? = self.name(namePlace)
      names.append(name)
      if let name, let earlier = lines.updateValue(node.position.line, forKey: name) {
        report(
          .duplicate, at: namePlace, "two tasks are called \(name), the first on line \(earlier)",
          remedy: "rename one of them")
      }
    }
    return names
  }

  private mutating func task(_ place: JSONPlace, above: TaskName?, known: [TaskName: Int]) -> TaskDefinition? {
    guard let untyped = object(place), let keys = taskKeys(untyped) else { return nil }
    guard let object = object(place, keys) else { return nil }
    let needs: [TaskName]?
    if let place = object["needs"] { needs = self.needs(place, known) } else { needs = above.map { [$0] } ?? [] }
    let labels = object["labels"].map { self.labels($0) } ?? []
    let timeout = object["timeout"].flatMap { self.duration($0) }
    let idleTimeout = object["idleTimeout"].flatMap { self.duration($0) }
    let when = object["when"].map { self.condition($0) } ?? .ordinary
    let retry = object["retry"].flatMap { self.retry($0, keys) }
    let allowFailure = object["allowFailure"].flatMap { self.boolean($0) }
    let matrix = object["matrix"].flatMap { self.matrix($0) }
    let (deploy, deployment) = deploy(object, with: matrix)
    let work = work(object, keys, with: matrix)
    guard let node = object["name"]?.node, case .string(let text) = node.content, let name = try? TaskName(text),
      let needs, let labels, let when, let work
    else { return nil }
    return TaskDefinition(
      name: name, needs: needs, labels: labels, timeout: timeout, idleTimeout: idleTimeout, when: when, retry: retry,
      allowFailure: allowFailure ?? false, matrix: matrix, deploy: deploy, deployment: deployment, work: work)
  }

  /// The keys of the task's type.
  private mutating func taskKeys(_ object: JSONObject) -> KeyTable? {
    guard let place = object["type"] else {
      report(
        .missingKey, at: object.place, "a task needs the key \"type\"",
        remedy: "add \"type\": \"execute-shell\" or another")
      return nil
    }
    guard let type = text(place) else { return nil }
    if let keys = KeyTable.taskTypes[type] { return keys }
    guard type != "deploy" else {
      report(
        .invalidValue, at: place, "deploying is not a type of task, but a key of one",
        remedy: "write the type of task that does it, and \"deploy\": {\"environment\": \"stage\"}")
      return nil
    }
    reportUnknownWord(type, at: place, KeyTable.taskTypes.keys.sorted())
    return nil
  }

  private mutating func needs(_ place: JSONPlace, _ known: [TaskName: Int]) -> [TaskName]? {
    guard let places = list(place, limit: JobLimits.tasks) else { return nil }
    let names = all(places) { (reader, place) -> TaskName? in
      let name: TaskName? = reader.name(place)
      guard let name, known[name] == nil else { return name }
      reader.report(
        .unknownReference, at: place, "no task is called \(name)",
        remedy: Suggestion.nearest(to: name.rawValue, among: known.keys.map(\.rawValue).sorted())
          .map { "did you mean \"\($0)\"?" } ?? "name a task of this file")
      return nil
    }
    guard let names, refuseRepeats(names.map(\.rawValue), at: places) else { return nil }
    return names
  }

  /// Also of tasks that have other mistakes: what they need is known all the same.
  private mutating func reportCycles(_ names: [TaskName?], at places: [JSONPlace], _ known: [TaskName: Int]) {
    let needs = places.indices.map { self.needs(of: $0, names, at: places).compactMap { known[$0] } }
    for cycle in TaskGraph.cycles(needs: needs) {
      let place = places[cycle[0]]
      let node = place.node["needs"] ?? place.node
      let names = (cycle + [cycle[0]]).compactMap { names[$0]?.rawValue }
      report(
        .cycle, at: node.position, path: place.memberPath("needs"),
        names.count == 2
          ? "the task \(names[0]) needs itself"
          : "the tasks need each other in a circle: \(names.prefix(20).joined(separator: " needs "))",
        remedy: "remove one of these needs; a task without \"needs\" needs the one above it")
    }
  }

  /// What is written, as far as it can be read.
  private func needs(of task: Int, _ names: [TaskName?], at places: [JSONPlace]) -> [TaskName] {
    guard let node = places[task].node["needs"] else {
      return task > 0 ? names[task - 1].map { [$0] } ?? [] : []
    }
    guard case .array(let elements) = node.content else { return [] }
    return elements.prefix(JobLimits.tasks).compactMap { element in
      if case .string(let text) = element.content { try? TaskName(text) } else { nil }
    }
  }
}
