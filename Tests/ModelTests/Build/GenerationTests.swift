import Model
import Testing

/// Tasks that write further tasks.
struct GenerationTests {
  private func list(_ text: String) throws -> [TaskDefinition] {
    try TaskList.parse(Array(text.utf8), file: "tasks.json", references: ["mode"])
  }

  private func shell(_ name: String, _ more: String = "") -> String {
    #"{ "name": "\#(name)", "type": "execute-shell", "script": "true"\#(more) }"#
  }

  @Test("What a task generates comes after it, and what needs it waits for all of that")
  func order() throws {
    var build = try TestBuild([[], [0], [1], []])
    build.start()
    build.end(0, .succeeded)
    try build.end(1, generating: try list("[\(shell("a")), \(shell("b")), \(shell("c", #", "needs": []"#))]"))
    #expect(build.posted == [4, 6] && build.plan.tasks[4].name.rawValue == "t1.a")
    build.end(4, .succeeded)
    #expect(build.posted == [5])
    build.end(5, .succeeded)
    #expect(build.posted == [])
    build.end(6, .succeeded)
    #expect(build.posted == [2])
    // The third started from the generator alone, the second from the first.
    #expect(build.state.workspace(before: 2, build.plan) == ["w5", "w6"])
    build.end(2, .succeeded)
    build.end(3, .succeeded)
    #expect(build.state.verdict == .succeeded)
  }

  @Test("A generated task that fails fails the build, and what needs its generator is skipped")
  func failure() throws {
    var build = try TestBuild([[], [0]])
    build.start()
    try build.end(0, generating: try list("[\(shell("a"))]"))
    build.end(2, .failed)
    #expect(build.verdicts == [.succeeded, .skipped, .failed] && build.actions == [.end(.failed)])
  }

  @Test("The same list twice joins once; a list for a build that is being stopped does not join")
  func voidLists() throws {
    var build = try TestBuild([[], []])
    build.start()
    let tasks = try list("[\(shell("a"))]")
    try build.end(0, generating: tasks)
    let state = build.state
    try build.end(0, generating: tasks)
    #expect(build.state == state && state.tasks.count == 3)
    build.cancel()
    try build.end(1, generating: tasks)
    #expect(build.state.tasks.count == 3 && build.verdicts[1] == .succeeded)
  }

  @Test("A generated task takes from where the job file does, and not the submodules that this leaves out")
  func submodules() throws {
    func checkout(_ address: String, submodules: Bool) -> String {
      #"[{ "name": "source", "type": "git-checkout", "repository": "\#(address)", "submodules": \#(submodules) }]"#
    }
    let own = "https://git.example.org/octo/library"
    for (submodules, address, asks, isTaken) in [
      (false, own, false, true), (false, own, true, false), (true, own, true, true),
      (true, "https://git.example.org/octo/other", true, false),
    ] {
      let job = try JobFile.parse(
        #"{ "job": "j", "tasks": \#(checkout(own, submodules: submodules)) }"#)
      var build = try TestBuild([[], []]) { index, task in if index == 0 { task.work = job.tasks[0].work } }
      build.start()
      do {
        try build.end(1, generating: try list(checkout(address, submodules: asks)))
        #expect(isTaken, "\(address) \(asks)")
      } catch let error as ValidationError {
        #expect(!isTaken && error.message.contains("takes from the repository"), "\(error)")
        #expect(error.message.contains("with its submodules") == asks)
      }
    }
  }

  @Test("Lists within lists are three deep at most, and a build has ten thousand tasks at most")
  func limits() throws {
    var build = try TestBuild([[]])
    build.start()
    try build.end(0, generating: try list("[\(shell("a"))]"))
    try build.end(1, generating: try list("[\(shell("a"))]"))
    try build.end(2, generating: try list("[\(shell("a"))]"))
    #expect(build.plan.tasks.map(\.name.rawValue) == ["t0", "t0.a", "t0.a.a", "t0.a.a.a"])
    var plan = build.plan
    #expect(throws: ValidationError.self) { try plan.join(try list("[\(shell("a"))]"), by: 3) }
    let many = try list("[\((0..<9_996).map { shell("n\($0)", #", "needs": []"#) }.joined(separator: ","))]")
    try plan.join(many, by: 0)
    #expect(plan.tasks.count == 10_000)
    let before = plan
    #expect(throws: ValidationError.self) { try plan.join(try list("[\(shell("b"))]"), by: 0) }
    #expect(throws: ValidationError.self) { try plan.join(try list("[\(shell("n1"))]"), by: 0) }
    #expect(plan == before)
  }

  @Test(
    "A list reaches no label, repository or artifact that the job does not, and is never larger than its text tells")
  func reach() throws {
    let build = try TestBuild([[]]) { _, task in task.labels = [(try? Label("linux"))].compactMap(\.self) }
    let wide =
      #", "matrix": { "a": \#((0..<16).map { "\($0)" }), "b": \#((0..<16).map { "\($0)" }) }, "split": { "into": 100, "files": "*" }"#
    for (text, message) in [
      ("[\(shell("a", #", "labels": ["deployer"]"#))]", "label deployer"),
      (
        "[\(shell("a", #", "labels": ["linux", "\#(String(repeating: "x", count: 128))", "\#(String(repeating: "y", count: 100))"]"#))]",
        "more than 200 bytes"
      ),
      (#"[{ "name": "a", "type": "git-checkout", "repository": "https://h/secret" }]"#, "https://h/secret"),
      (
        #"[{ "name": "a", "type": "copy-artifacts", "from": { "job": "other" }, "files": ["*"] }]"#,
        "artifacts of other"
      ),
    ] {
      var plan = build.plan
      let tasks = try list(text)
      let error = #expect(throws: ValidationError.self) { try plan.join(tasks, by: 0) }
      #expect(error?.message.contains(message) ?? false, "\(String(describing: error))")
    }
    var plan = build.plan
    try plan.join(try list("[\(shell("a", #", "labels": ["linux"]"#))]"), by: 0)
    let bomb = #expect(throws: InvalidJobFile.self) { try list("[\(shell("a", wide)), \(shell("b", wide))]") }
    #expect(bomb?.description.contains("51200 tasks") ?? false)
    let half = #", "split": { "into": 100, "files": "*" }, "matrix": { "a": \#((0..<49).map { "\($0)" }) }"#
    let edges = #expect(throws: InvalidJobFile.self) { try list("[\(shell("a", half)), \(shell("b", half))]") }
    #expect(edges?.description.contains("need one another") ?? false)
  }

  @Test(
    "A bad list is refused with the place and the remedy",
    arguments: [
      (#"{ "tasks": [] }"#, "tasks.json:1:1: an array should stand here, not an object"),
      (#"[{ "name": "a", "type": "execute-shell" }]"#, "tasks.json:1:2: an execute-shell task needs"),
      (
        #"[{ "name": "a", "type": "git-promote", "repository": "https://h/x", "ref": "green" }]"#,
        "tasks.json:1:25: a task that moves refs cannot be generated (at [0].type)"
      ),
      (
        #"[{ "name": "a", "type": "execute-shell", "script": "", "deploy": true }]"#,
        "a task that deploys cannot be generated (at [0].deploy)"
      ),
      (
        #"[{ "name": "a", "type": "execute-shell", "script": "", "needs": ["source"] }]"#,
        "no task is called source (at [0].needs[0])"
      ),
      ("[", "tasks.json:1:2"),
    ])
  func refusal(_ text: String, _ message: String) throws {
    let error = try #require(throws: InvalidJobFile.self) { try list(text) }
    #expect(error.description.contains(message))
  }

  @Test("A list of nothing is a list, and every list comes back from its text")
  func text() throws {
    #expect(try list("[]") == [])
    let tasks = try list(
      "[\(shell("a", #", "labels": ["x"], "environment": { "M": "${mode}" }"#)), \(shell("b", #", "generates": "more.json""#))]"
    )
    #expect(try list(TaskList.text(tasks)) == tasks)
  }
}
