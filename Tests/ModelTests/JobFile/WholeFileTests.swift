import Testing

@testable import Model

struct WholeFileTests {
  private func shell(_ name: String, _ keys: String = "") -> String {
    "{\"name\":\"\(name)\",\"type\":\"execute-shell\",\"script\":\"x\"\(keys)}"
  }

  private func job(_ tasks: [String]) -> String {
    "{\"job\":\"j\",\"tasks\":[\n\(tasks.joined(separator: ",\n"))]}"
  }

  @Test func allMistakesAreReportedInTheOrderOfTheFile() {
    let text = """
      { "job": "no good", "colour": 1,
        "then": [{ "job": "x", "on": "never" }],
        "tasks": [
          { "name": "a", "type": "git-checkout", "repository": "-x", "ref": "a b" },
          { "name": "a", "type": "execute-shell", "script": "x", "needs": ["b"] } ] }
      """
    #expect(
      JobFile.diagnostics(text).map { "\($0.position) \($0.code) \($0.path)" } == [
        "1:10 invalidValue job", "1:21 unknownKey colour", "2:32 invalidValue then[0].on",
        "4:58 invalidValue tasks[0].repository", "4:71 invalidValue tasks[0].ref", "5:15 duplicate tasks[1].name",
        "5:70 unknownReference tasks[1].needs[0]",
      ])
  }

  /// A required key that is misspelt is not missing as well.
  @Test func aSlipIsOneMistake() {
    let text = """
      { "job": "j", "tasks": [
          { "name": "a", "type": "execute-shell", "scirpt": "x" }, { "nmae": "b", "type": "publish-artifacts", "file": ["x"] },
          { "name": "c", "type": "execute-shell", "needs": [] } ] }
      """
    #expect(
      JobFile.diagnostics(text).map { "\($0.code) \($0.path)" } == [
        "unknownKey tasks[0].scirpt", "unknownKey tasks[1].nmae", "unknownKey tasks[1].file", "missingKey tasks[2]",
      ])
    #expect(JobFile.diagnostics(#"{ "job": "j", "taks": [] }"#).map(\.code) == [.unknownKey])
  }

  @Test func everyCycleIsNamed() {
    let text = job([
      shell("a", ",\"needs\":[\"c\"]"), shell("b"), shell("c"), shell("d", ",\"needs\":[\"e\"]"), shell("e"),
      shell("f", ",\"needs\":[\"a\"]"),
    ])
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map(\.path) == ["tasks[0].needs", "tasks[3].needs"])
    #expect(diagnostics.map(\.position.description) == ["2:57", "5:57"])
    #expect(
      diagnostics.map(\.message) == [
        "the tasks need each other in a circle: a needs c needs b needs a",
        "the tasks need each other in a circle: d needs e needs d",
      ])
  }

  /// A circle is named with all else that is wrong with its tasks, and names that stand twice make none.
  @Test func cyclesAmongOtherMistakes() {
    let circle = job([shell("a", ",\"needs\":[\"b\",\"c\"]"), shell("b", ",\"needs\":[\"a\"],\"timeout\":5")])
    #expect(
      JobFile.diagnostics(circle).map { "\($0.code) \($0.path)" } == [
        "cycle tasks[0].needs", "unknownReference tasks[0].needs[1]", "wrongType tasks[1].timeout",
      ])
    let twice = job([shell("a"), shell("b"), shell("a")])
    #expect(JobFile.diagnostics(twice).map(\.code) == [.duplicate])
  }

  /// The limits hold, and a file at a limit is read.
  @Test func limits() throws {
    let most = (0..<1_000).map { shell("t\($0)") }
    #expect(try JobFile.parse(job(most)).tasks.count == 1_000)
    let more = JobFile.diagnostics(job(most + [shell("one-more")]))
    #expect(more.map(\.code) == [.limit] && more.map(\.path) == ["tasks"])
    let parameters = (0..<101).map { "{\"name\":\"p\($0)\"}" }.joined(separator: ",")
    let text = "{\"job\":\"j\",\"parameters\":[\(parameters)],\"tasks\":[\(shell("a"))]}"
    #expect(JobFile.diagnostics(text).map(\.code) == [.limit])
  }

  /// Hundreds of mistakes give a hundred lines, soon.
  @Test func diagnosticsAreBounded() {
    let long = String(repeating: "n", count: 55)
    let text = job((0..<400).map { shell("\(long)\($0)", ",\"needs\":[\"\(long)x\($0)\"]") })
    let elapsed = ContinuousClock().measure {
      #expect(JobFile.diagnostics(text).count == JobLimits.diagnostics)
    }
    #expect(elapsed < .seconds(60))
  }

  /// What a file says is shown shortened and on one line, whatever it holds.
  @Test(arguments: [
    "\\n", "\\u001b[31m", String(repeating: "k", count: 50_000), String(repeating: "\\n", count: 1_000),
  ]) func hostileTextIsShownSafely(text: String) {
    let file = """
      {"job":"\(text)","\(text)":1,"tasks":[{"name":"\(text)","type":"\(text)","needs":["\(text)"]},
        {"name":"a","type":"git-checkout","repository":"\(text):x","ref":"${\(text) }","directory":"/\(text)"},
        {"name":"b","type":"publish-artifacts","files":["/\(text)"],"timeout":"\(text)","needs":["\(text)"]}]}
      """
    let diagnostics = JobFile.diagnostics(file)
    #expect(diagnostics.count >= 8)
    for line in diagnostics.map(\.description) {
      #expect(line.utf8.count < 800)
      #expect(!line.unicodeScalars.contains { $0.value < 0x20 }, "\(line)")
    }
  }

  @Test func deepTextIsOneSyntaxError() {
    let text = "{\"job\":" + String(repeating: "[", count: 100_000)
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map(\.code) == [.syntax] && diagnostics.map(\.position.description) == ["1:71"])
  }
}
