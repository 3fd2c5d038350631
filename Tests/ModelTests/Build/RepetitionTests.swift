import Model
import Testing

/// Which tasks are done once more, and what the others bring along.
struct RepetitionTests {
  @Test("A task that is left to do waits for those before it, and is skipped for one that failed and is left alone")
  func order() throws {
    var build = try TestBuild([[], [], [0, 1], [2]])
    build.start()
    build.end(0, .failed)
    build.end(1, .succeeded)
    #expect(build.state.verdict == .failed)
    let plan = build.plan
    var again = build.resuming(try build.state.repeated(.failed, plan))
    again.start()
    #expect(again.posted == [0] && again.state.tasks[1].attempts.last?.madeIn == plan.request.build)
    again.end(0, .succeeded)
    #expect(again.posted == [2] && again.state.workspace(before: 2, plan) == ["w0", "w1"])
    var alone = build.resuming(try build.state.repeated(.from(try TaskName("t2")), plan))
    alone.start()
    #expect(alone.actions == [.end(.failed)] && alone.verdicts[2] == .skipped)
  }

  @Test("A list that is written once more joins anew, with those that had joined after it")
  func lists() throws {
    func list() throws -> [TaskDefinition] {
      try TaskList.parse(
        Array(#"[{ "name": "a", "type": "execute-shell", "script": "true" }]"#.utf8), file: "tasks.json", references: []
      )
    }
    var build = try TestBuild([[], [], []])
    build.start()
    for task in 0..<3 { try build.end(task, generating: try list()) }
    for task in 3..<6 { build.end(task, task == 4 ? .failed : .succeeded) }
    let failed = try build.state.repeated(.failed, build.plan)
    #expect(failed.generators?.map(\.task) == [0, 1, 2] && failed.tasks.map(\.verdict)[4] == nil)
    let from = try build.state.repeated(.from(try TaskName("t1")), build.plan)
    #expect(from.generators?.map(\.task) == [0])
    #expect(from.tasks.map(\.verdict) == [.succeeded, nil, nil, .succeeded])
  }
}
