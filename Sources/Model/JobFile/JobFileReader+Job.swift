/// The job as a whole.
extension JobFileReader {
  mutating func job(_ place: JSONPlace) -> Job? {
    guard let object = object(place, .job) else { return nil }
    if let place = object["$schema"] { _ = text(place) }
    let name: JobName? = object["job"].flatMap { self.name($0) }
    let description = object["description"].flatMap { self.description($0) }
    let parameters = object["parameters"].flatMap { self.parameters($0) }
    let triggers = object["triggers"].flatMap { self.triggers($0) }
    let priority = object["priority"].flatMap { self.integer($0, in: JobLimits.priority) }
    let concurrency = object["concurrency"].flatMap { self.concurrency($0) }
    let timeout = object["timeout"].flatMap { self.duration($0) }
    let tasks = object["tasks"].flatMap { self.tasks($0) }
    let then = object["then"].flatMap { self.continuations($0) }
    guard let name, let tasks else { return nil }
    return Job(
      name: name, description: description ?? "", parameters: parameters ?? [], triggers: triggers ?? [],
      priority: priority ?? 0, concurrency: concurrency, timeout: timeout, tasks: tasks, then: then ?? [])
  }

  private mutating func concurrency(_ place: JSONPlace) -> Concurrency? {
    guard let object = object(place, .concurrency) else { return nil }
    let group = object["group"].map { self.field(.group, $0) } ?? Concurrency.defaultGroup
    let limit = object["limit"].map { self.integer($0, in: JobLimits.concurrency) } ?? 1
    let whenBusy: Concurrency.WhenBusy? = object["whenBusy"].map { self.word($0) } ?? .queue
    guard let group, let limit, let whenBusy else { return nil }
    return Concurrency(group: group, limit: limit, whenBusy: whenBusy)
  }

  private mutating func description(_ place: JSONPlace) -> String? {
    guard let text = text(place) else { return nil }
    guard text.utf8.count <= JobLimits.descriptionBytes else {
      report(
        .limit, at: place, "the description has \(text.utf8.count) bytes",
        remedy: "\(JobLimits.descriptionBytes) are the most; link to a longer text")
      return nil
    }
    return text
  }

  private mutating func continuations(_ place: JSONPlace) -> [Continuation]? {
    guard let places = list(place, limit: JobLimits.continuations) else { return nil }
    return all(places) { reader, place in reader.continuation(place) }
  }

  private mutating func continuation(_ place: JSONPlace) -> Continuation? {
    guard let object = object(place, .continuation) else { return nil }
    let job: JobName? = object["job"].flatMap { self.name($0) }
    let condition: Continuation.Condition? = object["on"].flatMap { self.word($0) }
    let parameters = object["parameters"].flatMap { self.continuationParameters($0) }
    let all = object["all"].map { self.joinedJobs($0, condition) } ?? []
    guard let job, let all else { return nil }
    return Continuation(job: job, on: condition ?? .success, parameters: parameters ?? [:], all: all)
  }

  private mutating func joinedJobs(_ place: JSONPlace, _ condition: Continuation.Condition?) -> [JobName]? {
    guard condition ?? .success == .success else {
      report(
        .invalidValue, at: place, "several jobs are waited for only until all of them are green",
        remedy: "remove \"on\", or write \"on\": \"success\"")
      return nil
    }
    guard let places = list(place, limit: JobLimits.joinedJobs) else { return nil }
    guard places.count > 1 else {
      report(
        .invalidValue, at: place, "fewer than two jobs are named",
        remedy: "name this job and the others, and write the same rule in each of them; or leave \"all\" out")
      return nil
    }
    let jobs = all(places) { (reader, place) -> JobName? in reader.name(place) }
    guard let jobs, refuseRepeats(jobs.map(\.rawValue), at: places) else { return nil }
    return jobs
  }

  private mutating func continuationParameters(_ place: JSONPlace) -> [ParameterName: String]? {
    guard let object = object(place) else { return nil }
    guard object.members.count <= JobLimits.parameters else {
      report(
        .limit, at: place, "\(object.members.count) parameters are given",
        remedy: "a job has \(JobLimits.parameters) at most")
      return nil
    }
    var parameters: [ParameterName: String] = [:]
    for member in object.members {
      let place = object.place.member(member)
      let key = JSONPlace(node: JSONNode(position: member.keyPosition, content: .string(member.key)), path: place.path)
      let name: ParameterName? = self.name(key)
      let value = parameterValue(place)
      if let name, let value { parameters[name] = value }
    }
    return parameters
  }

  /// A value for another job's parameter: its kind is that job's affair.
  private mutating func parameterValue(_ place: JSONPlace) -> String? {
    switch place.node.content {
    case .boolean(let value): return String(value)
    case .number(let digits) where Int(digits) != nil: return digits
    default: return field(.parameters, place)
    }
  }
}
