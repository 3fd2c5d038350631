import Testing

@testable import Model

struct ParameterCheckTests {
  private let job: Job

  init() throws {
    job = try JobFile.parse(
      #"""
      {"job":"j","parameters":[
        {"name":"ref","default":"main"},{"name":"needed"},{"name":"count","type":"integer","default":3},
        {"name":"mode","type":"choice","choices":["debug","release"],"default":"debug"},
        {"name":"fast","type":"boolean","default":false}],
       "tasks":[{"name":"t","type":"execute-shell","script":"x"}]}
      """#)
  }

  @Test func defaultsAreFilledIn() throws {
    let values = try job.checkedParameters(["needed": "", "mode": "release", "count": "-7"])
    let texts = Dictionary(uniqueKeysWithValues: values.map { ($0.key.rawValue, $0.value) })
    #expect(texts == ["ref": "main", "needed": "", "count": "-7", "mode": "release", "fast": "false"])
  }

  /// Each value that a kind cannot hold.
  @Test(arguments: [
    ("count", "x"), ("count", ""), ("count", "1.5"), ("count", "+1"), ("count", "01"),
    ("count", "99999999999999999999"),
    ("fast", "yes"), ("fast", "True"), ("mode", "Debug"), ("ref", "a\u{0}b"),
    ("ref", String(repeating: "a", count: 4097)),
  ]) func refused(name: String, value: String) {
    let error = #expect(throws: InvalidParameters.self) { try job.checkedParameters(["needed": "x", name: value]) }
    #expect(error?.problems.count == 1)
    #expect(error?.description.contains("the parameter \(name) of j") == true)
  }

  @Test func allProblemsAreReportedAtOnce() {
    let error = #expect(throws: InvalidParameters.self) {
      try job.checkedParameters(["mdoe": "release", "fast": "1", "mode": "relaese"])
    }
    #expect(
      error?.problems.map(\.description) == [
        "j has no parameter \"mdoe\"; did you mean \"mode\"?",
        "the parameter needed of j is missing; give it: it has no default",
        "the parameter mode of j: \"relaese\" is not one of the choices; did you mean \"release\"?",
        "the parameter fast of j: \"1\" is neither true nor false; give true or false",
      ])
  }
}
