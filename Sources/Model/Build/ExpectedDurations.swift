/// How long the tasks of a job are expected to take, learned from builds that have ended.
package struct ExpectedDurations: Hashable, Sendable {
  private var medians: [TaskName: Duration]
  private let unknown: Duration

  package static let none = ExpectedDurations([])

  /// - Parameter builds: how long each task of each build took.
  package init(_ builds: [[TaskName: Duration]]) {
    var samples: [TaskName: [Duration]] = [:]
    for (task, duration) in builds.joined() { samples[task, default: []].append(duration) }
    medians = samples.compactMapValues(Self.median)
    unknown = Self.median(Array(medians.values)) ?? .zero
  }

  /// The median; `nil` for a task that has never succeeded in those builds.
  package subscript(task: TaskName) -> Duration? { medians[task] }

  /// The longest first, so that a build is over sooner when there are fewer slots than tasks. What nothing is known of is
  /// taken to be like most; equals keep their order.
  package func longestFirst<Element>(_ elements: [Element], task: (Element) -> TaskName) -> [Element] {
    let known = elements.map { medians[task($0)] ?? unknown }
    return elements.indices.sorted { (known[$1], $0) < (known[$0], $1) }.map { elements[$0] }
  }

  /// The same for a build in which the parts of a split are numbered from the slowest, whatever part was the slowest before:
  /// what its parts took is given to them in that order.
  package func slowestPartFirst(in plan: Plan) -> ExpectedDurations {
    var ranked = self
    let parts = plan.tasks.indices.filter { plan.parts[$0] != nil }
    for group in Dictionary(grouping: parts, by: { plan.lastingName(of: $0) }).values {
      let names = group.map { plan.tasks[$0].name }
      for (name, duration) in zip(names, names.map { medians[$0] ?? unknown }.sorted(by: >)) {
        ranked.medians[name] = duration
      }
    }
    return ranked
  }

  private static func median(_ durations: [Duration]) -> Duration? {
    durations.isEmpty ? nil : durations.sorted()[durations.count / 2]
  }
}
