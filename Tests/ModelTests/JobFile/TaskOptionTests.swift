import Testing

@testable import Model

/// `when`, `retry`, `allowFailure` and `matrix`: what the file says, and the plan that it becomes.
struct TaskOptionTests {
  private static let everything = #"""
    { "job": "library", "timeout": "2h", "concurrency": { "group": "g-${mode}", "limit": 3, "whenBusy": "cancel-older" },
      "parameters": [{ "name": "mode", "type": "choice", "choices": ["debug", "release"], "default": "debug" }],
      "tasks": [
        { "name": "test", "type": "execute-shell", "script": "true", "needs": [], "directory": "${swift}/${mode}",
          "environment": { "OS": "${os}" }, "labels": ["linux"],
          "matrix": { "swift": [6.2, "6.3"], "os": ["debian", "fedora"], "include": [{ "swift": "main", "os": "debian" }],
            "exclude": [{ "swift": "6.2", "os": "fedora" }] },
          "retry": { "attempts": 3, "wait": "30s", "increment": "1m", "onOutput": ["Network is unreachable"] } },
        { "name": "lint", "type": "execute-shell", "script": "true", "needs": [], "allowFailure": true, "deploy": true },
        { "name": "docs", "type": "execute-shell", "script": "true", "needs": ["test", "lint"],
          "when": { "branch": ["main", "release/*"], "event": ["push", "request"], "changed": ["docs/**"],
            "parameter": { "mode": "debug" }, "status": "always" } },
        { "name": "only", "type": "execute-shell", "command": ["true"],
          "matrix": { "include": [{ "cc": "gcc", "std": 17 }, { "cc": "clang", "std": 20 }] } } ] }
    """#

  private func request(
    _ job: Job, _ cause: BuildCause = .request, mode: String = "debug", unchanged: [TaskName]? = nil
  ) throws -> BuildRequest {
    BuildRequest(
      build: BuildID(job: job.name, number: 1), requestID: "r", jobRevision: "",
      parameters: [try ParameterName("mode"): mode], cause: cause, requested: Timestamp(milliseconds: 0), depth: 0,
      priority: 0, unchanged: unchanged)
  }

  private func push(_ branch: String) -> BuildCause {
    .push(BuildCause.Push(repository: "o/n", ref: "refs/heads/\(branch)", commit: "abc"))
  }

  @Test func everythingIsRead() throws {
    let job = try JobFile.parse(Self.everything)
    let mode = try ParameterName("mode")
    #expect(job.timeout == 7_200)
    #expect(job.concurrency == Concurrency(group: "g-${mode}", limit: 3, whenBusy: .cancelOlder))
    #expect(job.tasks.map(\.deploy) == [false, true, false, false])
    #expect(
      job.tasks[0].retry == Retry(attempts: 3, wait: 30, increment: 60, onOutput: ["Network is unreachable"]))
    #expect(job.tasks.map(\.allowFailure) == [false, true, false, false])
    #expect(
      job.tasks[2].when
        == Condition(
          status: .always, branches: ["main", "release/*"], events: ["push", "request"], changed: ["docs/**"],
          parameters: [mode: "debug"]))
    #expect(job.tasks[0].matrix?.axes.map(\.values) == [["6.2", "6.3"], ["debian", "fedora"]])
    #expect(try JobFile.parse(job.json) == job)
  }

  @Test("A matrix becomes its tasks, with its values in their fields; what needs it needs them all")
  func expansion() throws {
    let job = try JobFile.parse(Self.everything)
    let plan = try Plan(try request(job), of: job)
    #expect(
      plan.tasks.map(\.name.rawValue) == [
        "test-6.2-debian", "test-6.3-debian", "test-6.3-fedora", "test-main-debian", "lint", "docs", "only-gcc-17",
        "only-clang-20",
      ])
    #expect(plan.needs[5] == [0, 1, 2, 3, 4])
    #expect(plan.needs[6] == [5] && plan.needs[7] == [5])
    guard case .executeShell(let work) = plan.tasks[2].work else {
      Issue.record("no command")
      return
    }
    #expect(work.directory == "6.3/debug" && work.environment == ["OS": "fedora"])
    #expect(plan.combinations[2] == [try ParameterName("swift"): "6.3", try ParameterName("os"): "fedora"])
    #expect(plan.combinations[4].isEmpty && plan.timeout == 7_200)
  }

  @Test(
    "A matrix may have a name of a parameter: its tasks' fields see the value of the matrix, all others the build's")
  func namesOfParameters() throws {
    let job = try JobFile.parse(
      #"""
      { "job": "j", "parameters": [{ "name": "mode", "default": "debug" }], "tasks": [
          { "name": "test", "type": "execute-shell", "script": "true", "matrix": { "mode": ["debug", "release"] },
            "directory": "${mode}", "when": { "parameter": { "mode": "debug" } } },
          { "name": "end", "type": "execute-shell", "script": "true", "directory": "${mode}" } ] }
      """#)
    let plan = try Plan(try request(job), of: job)
    let directories = plan.tasks.map { task in
      if case .executeShell(let work) = task.work { work.directory } else { "" }
    }
    #expect(directories == ["debug", "release", "debug"])
    #expect(plan.tasks.allSatisfy { $0.when.exclusion(of: $0.name, from: plan.request) == nil })
    #expect(try JobFile.parse(job.json) == job)
  }

  @Test("The same values in another order of letters and signs never make two tasks of a name")
  func nameCollisions() {
    let tasks = [
      #"{"name":"a","type":"execute-shell","script":"x","matrix":{"v":["1 2","1/2"]}}"#,
      #"{"name":"a-b","type":"execute-shell","script":"x"},{"name":"a","type":"execute-shell","script":"x","matrix":{"v":["b"]}}"#,
    ]
    for task in tasks {
      let diagnostics = JobFile.diagnostics(#"{"job":"j","tasks":[\#(task)]}"#)
      #expect(diagnostics.map(\.code) == [.duplicate], "\(diagnostics)")
    }
  }

  @Test("A task runs when all that its condition names holds, and says why it does not")
  func conditions() throws {
    let job = try JobFile.parse(Self.everything)
    let docs = job.tasks[2]
    func reason(_ cause: BuildCause, mode: String = "debug", unchanged: [TaskName]? = nil) throws -> String? {
      let request = try request(job, cause, mode: mode, unchanged: unchanged)
      return docs.when.exclusion(of: docs.name, from: request)
    }
    #expect(try reason(push("main")) == nil && reason(push("release/1")) == nil)
    #expect(try reason(push("topic"))?.contains("the branch is \"topic\"") ?? false)
    #expect(try reason(push("release/1/2")) != nil)
    #expect(try reason(.request)?.contains("the build has no branch") ?? false)
    #expect(try reason(push("main"), mode: "release")?.contains("mode is \"debug\", and it is \"release\"") ?? false)
    #expect(try reason(push("main"), unchanged: [docs.name])?.contains("docs/**") ?? false)
    #expect(try reason(push("main"), unchanged: [try TaskName("lint")]) == nil)
  }

  @Test func changedFiles() throws {
    let job = try JobFile.parse(Self.everything)
    #expect(job.tasksUnchanged(by: ["docs/a/b.md", "x"]) == nil)
    #expect(job.tasksUnchanged(by: ["src/docs"])?.map(\.rawValue) == ["docs"])
  }

  /// One row for each thing that can be wrong.
  @Test(arguments: [
    (#""when":{"branch":[]}"#, "invalidValue", "tasks[0].when.branch", "never run"),
    (#""when":{"brunch":["x"]}"#, "unknownKey", "tasks[0].when.brunch", "\"branch\"?"),
    (#""when":{"event":["pusch"]}"#, "invalidValue", "tasks[0].when.event[0]", "\"push\"?"),
    (#""when":{"parameter":{"mdoe":"x"}}"#, "unknownReference", "tasks[0].when.parameter.mdoe", "\"mode\"?"),
    (#""when":{"parameter":{"branch":"x"}}"#, "unknownReference", "tasks[0].when.parameter.branch", "no parameter"),
    (#""when":{"status":"sometimes"}"#, "invalidValue", "tasks[0].when.status", "always"),
    (#""when":{"branch":["[x"]}"#, "invalidValue", "tasks[0].when.branch[0]", "closed"),
    (#""retry":{}"#, "missingKey", "tasks[0].retry", "\"attempts\""),
    (#""retry":{"attempts":0}"#, "invalidValue", "tasks[0].retry.attempts", "1 is the least"),
    (#""retry":{"attempts":2,"wait":5}"#, "wrongType", "tasks[0].retry.wait", "\"90s\""),
    (#""retry":{"attempts":2,"onOutput":[""]}"#, "invalidValue", "tasks[0].retry.onOutput[0]", "0 bytes"),
    (#""allowFailure":"yes""#, "wrongType", "tasks[0].allowFailure", "true or false"),
    (#""matrix":{}"#, "invalidValue", "tasks[0].matrix", "no combination"),
    (#""matrix":{"a":[]}"#, "invalidValue", "tasks[0].matrix.a", "no values"),
    (#""matrix":{"a":["x","x"]}"#, "duplicate", "tasks[0].matrix.a[1]", "twice"),
    (#""matrix":{"branch":["x"]}"#, "invalidValue", "tasks[0].matrix.branch", "every build has"),
    (#""matrix":{"a":["x"],"exclude":[{"a":"y"}]}"#, "unknownReference", "tasks[0].matrix.exclude[0].a", "no value"),
    (#""matrix":{"a":["x"],"exclude":[{"b":"y"}]}"#, "unknownReference", "tasks[0].matrix.exclude[0].b", "no \"b\""),
    (#""matrix":{"a":["x"],"exclude":[{"a":"x"}]}"#, "invalidValue", "tasks[0].matrix", "no combination"),
    (#""matrix":{"a":["x"],"b":["y"],"include":[{"a":"z"}]}"#, "missingKey", "tasks[0].matrix.include[0]", "give a, b"),
    (#""matrix":{"a.b":["x"],"a-b":["y"]}"#, "duplicate", "tasks[0].matrix", "DISTCI_MATRIX_A_B"),
    (#""matrix":{"a":["x"]},"directory":"${b}""#, "unknownReference", "tasks[0].directory", "not known"),
  ]) func mistakes(keys: String, code: String, path: String, piece: String) {
    let text =
      #"{"job":"j","parameters":[{"name":"mode","default":""}],"tasks":[{"name":"t","type":"execute-shell","script":"x",\#(keys)}]}"#
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map(\.code.rawValue) == [code], "\(diagnostics)")
    #expect(diagnostics.map(\.path) == [path])
    #expect(diagnostics.first?.description.contains(piece) ?? false, "\(diagnostics)")
  }

  @Test func onlyCommandsHaveOutput() {
    let text =
      #"{"job":"j","tasks":[{"name":"t","type":"publish-artifacts","files":["x"],"retry":{"attempts":2,"onOutput":["x"]}}]}"#
    #expect(JobFile.diagnostics(text).map(\.path) == ["tasks[0].retry.onOutput"])
  }

  @Test func matricesAreBounded() {
    let values = (0..<20).map(String.init).joined(separator: ",")
    let text =
      #"{"job":"j","tasks":[{"name":"t","type":"execute-shell","script":"x","matrix":{"a":[\#(values)],"b":[\#(values)]}}]}"#
    #expect(JobFile.diagnostics(text).map(\.code) == [.limit])
  }
}
