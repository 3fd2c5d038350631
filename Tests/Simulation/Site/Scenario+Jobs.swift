/// The jobs that scenarios choose from.
extension Scenario {
  /// What builds of a job start when they end.
  static let followers = ["first": ["one", "two"], "chain": ["alone", "rude"]]

  /// The file of a job.
  static func file(of job: String) -> String {
    func task(_ name: String, _ more: String = "") -> String {
      #"{ "name": "\#(name)", "type": "execute-shell", "script": "true"\#(more) }"#
    }
    func together(_ whenBusy: String, limit: Int = 1) -> String {
      #", "concurrency": { "group": "g\#(limit)", "limit": \#(limit), "whenBusy": "\#(whenBusy)" }"#
    }
    let (tasks, more) =
      switch job {
      case "two": ([task("a"), task("b", #", "deploy": { "environment": "stage" }"#)], "")
      case "fork": ([task("a"), task("b", #", "needs": ["a"]"#), task("c", #", "needs": ["a"]"#)], "")
      case "first":
        ([task("a")], #", "then": [{ "job": "one", "on": "success" }, { "job": "two", "on": "always" }]"#)
      case "chain":
        ([task("a")], #", "then": [{ "job": "alone", "on": "always" }, { "job": "rude", "on": "always" }]"#)
      case "label": ([task("a", #", "labels": ["big"]"#)], "")
      case "alone": ([task("a", #", "labels": ["big"]"#)], together("queue"))
      case "newest": ([task("a"), task("b", #", "deploy": { "environment": "stage" }"#)], together("cancel-older"))
      case "rude": ([task("a")], together("skip"))
      case "pair": ([task("a"), task("b")], together("queue", limit: 2))
      case "again":
        (
          [
            task("a", #", "retry": { "attempts": 3, "wait": "1s" }"#),
            task("b", #", "retry": { "attempts": 2 }, "deploy": { "environment": "stage" }"#),
          ], ""
        )
      case "timed": ([task("a"), task("b", #", "labels": ["big"]"#)], #", "timeout": "3s""#)
      default: ([task("a")], "")
      }
    return #"{ "job": "\#(job)", "tasks": [\#(tasks.joined(separator: ", "))]\#(more) }"#
  }
}
