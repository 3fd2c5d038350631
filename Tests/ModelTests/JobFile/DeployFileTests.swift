import Testing

@testable import Model

/// `deploy` in a job file, and the plan that it becomes.
struct DeployFileTests {
  private func text(_ deploy: String, _ more: String = "") -> String {
    #"{"job":"j","parameters":[{"name":"target","default":"stage"}],"tasks":[{"name":"t","type":"execute-shell","script":"x","deploy":\#(deploy)\#(more)}]}"#
  }

  private func plan(_ text: String, _ values: [String: String] = [:], cause: BuildCause = .request) throws -> Plan {
    let job = try JobFile.parse(text)
    let given = try job.checkedParameters(values)
    let request = BuildRequest(
      build: BuildID(job: job.name, number: 1), requestID: "r", jobRevision: "", parameters: given, cause: cause,
      requested: Timestamp(milliseconds: 0), depth: 0, priority: 0)
    return try Plan(request, of: job)
  }

  @Test(
    arguments: [
      ("true", true, nil), ("false", false, nil),
      (#"{"environment":"stage"}"#, true, Deployment(environment: "stage")),
      (#"{"environment":"stage","approval":true}"#, true, Deployment(environment: "stage", approval: true)),
      (#"{"approval":false,"environment":"to-${target}"}"#, true, Deployment(environment: "to-${target}")),
    ] as [(String, Bool, Deployment?)])
  func isRead(deploy: String, isDeploy: Bool, deployment: Deployment?) throws {
    let job = try JobFile.parse(text(deploy))
    #expect(job.tasks[0].deploy == isDeploy && job.tasks[0].deployment == deployment)
    #expect(try JobFile.parse(job.json) == job)
  }

  @Test("The environment may come from parameters and matrices; what they say must be a name")
  func references() throws {
    let template = text(#"{"environment":"${target}"}"#)
    #expect(try plan(template, ["target": "live"]).tasks[0].deployment?.target?.rawValue == "live")
    let matrix = text(#"{"environment":"${zone}-stage"}"#, #","matrix":{"zone":["eu","us"]}"#)
    #expect(try plan(matrix).tasks.map { $0.deployment?.environment } == ["eu-stage", "us-stage"])
    for hostile in ["../x", "a/b", "", "a b", "a~1~2"] {
      #expect(throws: ValidationError.self) { try plan(template, ["target": hostile]) }
    }
  }

  @Test(arguments: [
    (#""stage""#, "wrongType", "tasks[0].deploy", "environment"),
    ("{}", "missingKey", "tasks[0].deploy", "\"environment\""),
    (#"{"environment":"a b"}"#, "invalidValue", "tasks[0].deploy.environment", "not a deploy environment name"),
    (#"{"environment":1}"#, "wrongType", "tasks[0].deploy.environment", "a string"),
    (#"{"environment":"x","approval":"yes"}"#, "wrongType", "tasks[0].deploy.approval", "true or false"),
    (#"{"environment":"x","aproval":true}"#, "unknownKey", "tasks[0].deploy.aproval", "\"approval\"?"),
    (#"{"environment":"${tarpet}"}"#, "unknownReference", "tasks[0].deploy.environment", "target"),
  ]) func mistakes(deploy: String, code: String, path: String, piece: String) {
    let diagnostics = JobFile.diagnostics(text(deploy))
    #expect(diagnostics.map(\.code.rawValue) == [code], "\(diagnostics)")
    #expect(diagnostics.map(\.path) == [path])
    #expect(diagnostics.first?.description.contains(piece) ?? false, "\(diagnostics)")
  }

  @Test("A rollback runs what deploys to the environment, and what that needs but for what deploys elsewhere")
  func rollback() throws {
    let job = #"""
      {"job":"j","tasks":[
        {"name":"source","type":"execute-shell","script":"x","needs":[]},
        {"name":"lint","type":"execute-shell","script":"x","needs":["source"]},
        {"name":"stage","type":"execute-shell","script":"x","needs":["source"],"deploy":{"environment":"stage"}},
        {"name":"live","type":"execute-shell","script":"x","needs":["stage"],"deploy":{"environment":"live"}},
        {"name":"tell","type":"execute-shell","script":"x","needs":["live"]}]}
      """#
    let build = BuildID(job: try JobName("j"), number: 1)
    func runs(_ environment: String) throws -> [Bool] {
      let cause = BuildCause.rollback(Rollback(environment: try DeployTarget(environment), to: build, by: "ann"))
      let plan = try plan(job, cause: cause)
      return plan.tasks.indices.map { plan.exclusion(of: $0) == nil }
    }
    #expect(try runs("live") == [true, false, false, true, false])
    #expect(try runs("stage") == [true, false, true, false, false])
  }
}
