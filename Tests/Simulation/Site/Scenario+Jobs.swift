/// The jobs that scenarios choose from.
extension Scenario {
  /// What builds of a job start when they end.
  static let followers = [
    "first": ["one", "two"], "chain": ["alone", "rude"], "left": ["both"], "middle": ["both"], "right": ["both"],
  ]

  /// How many tasks the job `wide` has that can all run at once: more than a build posts in one turn.
  private static let width = 70

  /// The file of a job.
  static func file(of job: String) -> String {
    func task(_ name: String, _ more: String = "") -> String {
      #"{ "name": "\#(name)", "type": "execute-shell", "script": "true"\#(more) }"#
    }
    func together(_ whenBusy: String, limit: Int = 1) -> String {
      #", "concurrency": { "group": "g\#(limit)", "limit": \#(limit), "whenBusy": "\#(whenBusy)" }"#
    }
    func stage(_ more: String = "") -> String { #", "deploy": { "environment": "stage"\#(more) }"# }
    // Each task needs the one before it.
    func row(_ names: [String], _ more: String = "") -> [String] {
      zip(names, [nil] + names.map(Optional.some)).map { name, before in
        task(name, (before.map { #", "needs": ["\#($0)"]"# } ?? "") + more)
      }
    }
    let (tasks, more) =
      switch job {
      case "two": ([task("a"), task("b", stage())], "")
      case "fork": ([task("a"), task("b", #", "needs": []"#), task("c", #", "needs": ["a"]"#)], "")
      case "first":
        ([task("a")], #", "then": [{ "job": "one", "on": "success" }, { "job": "two", "on": "always" }]"#)
      case "chain":
        ([task("a")], #", "then": [{ "job": "alone", "on": "always" }, { "job": "rude", "on": "always" }]"#)
      case "label": ([task("a", #", "labels": ["big"]"#)], "")
      case "alone": ([task("a", #", "labels": ["big"]"#)], together("queue"))
      case "newest": ([task("a"), task("b", stage())], together("cancel-older"))
      case "rude": ([task("a")], together("skip"))
      case "pair": ([task("a"), task("b")], together("queue", limit: 2))
      case "again":
        (
          [
            task("a", #", "retry": { "attempts": 3, "wait": "1s" }"#),
            task("b", #", "retry": { "attempts": 2 }"# + stage()),
          ], ""
        )
      case "line": (row(["a", "b", "c", "d", "e"]), "")
      case "rollout": (row(["a", "b", "c", "d"], stage()), "")
      case "land": ([task("a"), task("b", #", "needs": ["a"]"# + stage())], "")
      case "ship": ([task("a"), task("b", #", "needs": ["a"]"# + stage(#", "approval": true"#))], "")
      case "wide": ((0..<width).map { task("t\($0)", #", "needs": []"#) }, "")
      case "left", "middle", "right":
        ([task("a")], #", "then": [{ "job": "both", "all": ["left", "middle", "right"] }]"#)
      case "cron":
        ([task("a")], #", "triggers": [{ "on": "schedule", "cron": "* * * * *", "catchUp": "all" }]"#)
      case "timed": ([task("a"), task("b", #", "labels": ["big"]"#)], #", "timeout": "3s""#)
      default: ([task("a")], "")
      }
    return #"{ "job": "\#(job)", "tasks": [\#(tasks.joined(separator: ", "))]\#(more) }"#
  }
}
