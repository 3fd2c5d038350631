import Testing

@testable import Model

/// `split` and `reports`: what the file says, and the plan that it becomes.
struct SplitFileTests {
  private static let text = #"""
    { "job": "library", "parameters": [{ "name": "kind", "default": "unit" }],
      "tasks": [
        { "name": "build", "type": "execute-shell", "script": "make" },
        { "name": "suite", "type": "execute-shell", "script": "x", "reports": ["out/${kind}-*.xml"],
          "split": { "into": 3, "files": "${kind}/**/*.t" } },
        { "name": "each", "type": "execute-shell", "script": "x", "needs": ["build"],
          "matrix": { "cc": ["gcc", "clang"] }, "split": { "into": 2, "files": "${cc}/*", "by": "count" } },
        { "name": "after", "type": "execute-shell", "script": "x", "needs": ["suite", "each"] } ] }
    """#

  private func plan() throws -> Plan {
    let job = try JobFile.parse(Self.text)
    let request = BuildRequest(
      build: BuildID(job: job.name, number: 1), requestID: "r", jobRevision: "",
      parameters: [try ParameterName("kind"): "system"], cause: .request, requested: Timestamp(milliseconds: 0),
      depth: 0, priority: 0)
    return try Plan(request, of: job)
  }

  @Test func everythingIsRead() throws {
    let job = try JobFile.parse(Self.text)
    #expect(job.tasks[1].split == Split(into: 3, files: "${kind}/**/*.t", by: .time))
    #expect(job.tasks[2].split == Split(into: 2, files: "${cc}/*", by: .count))
    guard case .executeShell(let work) = job.tasks[1].work else { throw CancellationError() }
    #expect(work.reports == ["out/${kind}-*.xml"])
    #expect(try JobFile.parse(job.json) == job)
  }

  @Test("A split becomes its parts, also of each combination of a matrix, and what needs it needs them all")
  func expansion() throws {
    let plan = try plan()
    #expect(
      plan.tasks.map(\.name.rawValue) == [
        "build", "suite-0", "suite-1", "suite-2", "each-gcc-0", "each-gcc-1", "each-clang-0", "each-clang-1", "after",
      ])
    #expect(plan.needs[8] == Array(1...7) && plan.needs[2] == [0])
    #expect(plan.parts[0] == nil && plan.parts[8] == nil)
    #expect(plan.parts[3]?.split.files == "system/**/*.t" && plan.parts[3]?.index == 2)
    #expect(plan.parts[6]?.split.files == "clang/*")
    #expect(
      plan.tasks.indices.map { plan.lastingName(of: $0).rawValue } == [
        "build", "suite", "suite", "suite", "each-gcc", "each-gcc", "each-clang", "each-clang", "after",
      ])
    guard case .executeShell(let work) = plan.tasks[1].work else { throw CancellationError() }
    #expect(work.reports == ["out/system-*.xml"])
  }

  @Test("The parts of a split are queued from the first to the last, by what they took before in any order")
  func order() throws {
    let plan = try plan()
    let took = ["build": 4, "suite-0": 2, "suite-1": 9, "suite-2": 3, "each-gcc-0": 1, "after": 5]
    let durations = ExpectedDurations([
      Dictionary(uniqueKeysWithValues: try took.map { (try TaskName($0), .seconds($1)) })
    ])
    let order = durations.slowestPartFirst(in: plan).longestFirst(plan.tasks) { $0.name }.map(\.name.rawValue)
    #expect(
      order == [
        "suite-0", "after", "build", "each-gcc-0", "each-clang-0", "each-clang-1", "suite-1", "suite-2", "each-gcc-1",
      ])
  }

  /// One row for each thing that can be wrong.
  @Test(arguments: [
    (#""split":{"files":"*.t"}"#, "missingKey", "tasks[0].split", "\"into\""),
    (#""split":{"into":2}"#, "missingKey", "tasks[0].split", "\"files\""),
    (#""split":{"into":0,"files":"*.t"}"#, "invalidValue", "tasks[0].split.into", "100 the most"),
    (#""split":{"into":101,"files":"*.t"}"#, "invalidValue", "tasks[0].split.into", "100 the most"),
    (#""split":{"into":2,"files":"/etc/*"}"#, "invalidValue", "tasks[0].split.files", "absolute"),
    (#""split":{"into":2,"files":"${colour}/*"}"#, "unknownReference", "tasks[0].split.files", "${colour}"),
    (#""split":{"into":2,"files":"*.t","by":"tme"}"#, "invalidValue", "tasks[0].split.by", "did you mean \"time\""),
    (#""split":{"into":2,"files":"*.t","form":1}"#, "unknownKey", "tasks[0].split.form", "no key"),
    (#""split":7"#, "wrongType", "tasks[0].split", "object"),
    (#""reports":"a.xml""#, "wrongType", "tasks[0].reports", "array"),
    (#""reports":[]"#, "invalidValue", "tasks[0].reports", "no file"),
    (#""reports":["../a.xml"]"#, "invalidValue", "tasks[0].reports[0]", "'..'"),
  ])
  func mistakes(keys: String, code: String, path: String, piece: String) {
    let text = #"{"job":"j","tasks":[{"name":"a","type":"execute-shell","script":"x",\#(keys)}]}"#
    let diagnostics = JobFile.diagnostics(text)
    #expect(diagnostics.map { "\($0.code)" } == [code] && diagnostics.map(\.path) == [path], "\(diagnostics)")
    #expect(diagnostics.allSatisfy { $0.description.contains(piece) }, "\(diagnostics)")
  }

  @Test func onlyShellTasksAreSplit() {
    let text = #"{"job":"j","tasks":[{"name":"a","type":"git-checkout","repository":"/r","split":{}}]}"#
    #expect(JobFile.diagnostics(text).map(\.message) == ["a git-checkout task has no key \"split\""])
  }

  @Test func partsDoNotTakeOtherTasksNames() {
    let long = String(repeating: "n", count: 127)
    let split = #","split":{"into":2,"files":"*"}}"#
    let lists = [
      #"{"name":"a-1","type":"execute-shell","script":"x"},{"name":"a","type":"execute-shell","script":"x"\#(split)"#,
      #"{"name":"\#(long)","type":"execute-shell","script":"x"\#(split)"#,
    ]
    let diagnostics = lists.map { JobFile.diagnostics(#"{"job":"j","tasks":[\#($0)]}"#) }
    #expect(diagnostics.map { $0.map(\.path) } == [["tasks[1].split"], ["tasks[0].split"]])
    #expect(diagnostics.map { $0.map(\.code) } == [[.duplicate], [.invalidValue]])
  }
}
