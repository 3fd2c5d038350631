/// The keys that one kind of object in a job file may have.
package struct KeyTable: Hashable, Sendable {
  /// What the object is called in a message.
  package let noun: String
  package let required: [String]
  package let optional: [String]

  package var known: [String] { required + optional }

  private init(_ noun: String, required: [String], optional: [String] = []) {
    self.noun = noun
    self.required = required
    self.optional = optional
  }

  /// A task of one type: its own keys and those of every task.
  private static func task(_ type: String, required: [String], optional: [String]) -> KeyTable {
    KeyTable(
      "\(type == "execute-shell" ? "an" : "a") \(type) task", required: ["name", "type"] + required,
      optional: ["needs", "labels", "timeout", "idleTimeout", "when", "retry", "allowFailure", "matrix", "deploy"]
        + optional)
  }
}

extension KeyTable {
  package static let job = KeyTable(
    "a job", required: ["job", "tasks"],
    optional: ["$schema", "description", "parameters", "triggers", "concurrency", "priority", "timeout", "then"])
  package static let parameter = KeyTable("a parameter", required: ["name"], optional: ["type", "choices", "default"])
  package static let pushTrigger = KeyTable(
    "a push trigger", required: ["on", "repository"], optional: ["branches", "tags", "paths"])
  package static let scheduleTrigger = KeyTable(
    "a schedule", required: ["on", "cron"], optional: ["timezone", "catchUp"])
  package static let pollTrigger = KeyTable(
    "a poll trigger", required: ["on", "repository"], optional: ["branches", "every"])
  package static let pullRequestTrigger = KeyTable(
    "a pull-request trigger", required: ["on", "repository"], optional: ["branches", "forks"])
  package static let continuation = KeyTable(
    "an entry of then", required: ["job"], optional: ["on", "parameters", "all"])
  package static let concurrency = KeyTable("concurrency", required: [], optional: ["group", "limit", "whenBusy"])
  package static let source = KeyTable("from", required: ["job"], optional: ["build"])

  package static let when = KeyTable(
    "when", required: [], optional: ["branch", "event", "changed", "parameter", "status"])
  package static let retry = KeyTable("retry", required: ["attempts"], optional: ["wait", "increment", "onOutput"])

  package static let split = KeyTable("split", required: ["into", "files"], optional: ["by"])
  package static let deploy = KeyTable("deploy", required: ["environment"], optional: ["approval"])

  package static let jobFiles = KeyTable(
    "jobFiles", required: ["jobs"], optional: ["files", "default", "labels", "repositories", "otherJobs", "allow"])

  package static let gitCheckout = task(
    "git-checkout", required: ["repository"], optional: ["ref", "directory", "submodules", "jobFiles"])
  package static let executeShell = task(
    "execute-shell", required: [],
    optional: ["script", "command", "environment", "directory", "split", "reports", "generates"])
  package static let publishArtifacts = task("publish-artifacts", required: ["files"], optional: ["ifMissing", "keep"])
  package static let copyArtifacts = task(
    "copy-artifacts", required: ["from", "files"], optional: ["into", "ifMissing"])
  package static let gitPromote = task("git-promote", required: ["repository", "ref"], optional: ["force"])

  /// The types of tasks that users may write, by name.
  package static let taskTypes: [String: KeyTable] = [
    "git-checkout": gitCheckout, "execute-shell": executeShell, "publish-artifacts": publishArtifacts,
    "copy-artifacts": copyArtifacts, "git-promote": gitPromote,
  ]
}

/// The 2013 format.
extension KeyTable {
  static let job2013 = KeyTable(
    "a job of the 2013 format", required: ["job_id", "tasks"],
    optional: ["configuration-version", "downstream_jobs", "triggers"])
  static let task2013 = KeyTable("a task of the 2013 format", required: ["type", "params"])
  static let trigger2013 = KeyTable("a trigger of the 2013 format", required: ["type"], optional: ["params"])
  static let gitCheckout2013 = KeyTable(
    "params of git-checkout", required: ["repository"], optional: ["ref", "checkout-dir"])
  static let executeShell2013 = KeyTable(
    "params of execute-shell", required: ["script"], optional: ["working_directory", "timeout", "nodelabels"])
  static let publishArtifacts2013 = KeyTable("params of publish-artifacts", required: ["artifacts"])
  static let copyArtifacts2013 = KeyTable(
    "params of copy-artifacts", required: ["job", "artifacts"], optional: ["target_directory"])
}
