import Model
import Testing

/// Tasks that deploy, as the reducer sees them.
struct DeployStateTests {
  private let stage: DeployTarget

  init() throws {
    stage = try DeployTarget("stage")
  }

  private func gated() throws -> TestBuild {
    try TestBuild([[], [0]]) { index, task in
      guard index == 1 else { return }
      task.deploy = true
      task.deployment = Deployment(environment: "stage", approval: true)
    }
  }

  private func approval(_ task: Int, by: String) -> BuildEvent {
    .approve(task: task, by: by, at: Timestamp(milliseconds: 7))
  }

  private func place(_ status: EnvironmentPlace.Status, _ position: Int? = nil) -> EnvironmentPlace {
    EnvironmentPlace(status, at: stage, since: Timestamp(milliseconds: 4), position: position)
  }

  @Test("Only a task that waits for approval can be approved, once, and is posted then")
  func approve() throws {
    var build = try gated()
    build.start()
    for early in [0, 1, 2, -1] {
      build.apply(approval(early, by: "ann"))
      #expect(build.actions == [])
    }
    build.end(0, .succeeded)
    #expect(build.posted == [1] && build.state.lacksApproval(1, build.plan))
    build.hold(1, at: place(.unapproved))
    build.apply(approval(1, by: "ann"))
    #expect(build.posted == [1] && !build.state.lacksApproval(1, build.plan))
    let state = build.state
    build.apply(approval(1, by: "bob"))
    #expect(build.actions == [] && build.state == state && state.tasks[1].approval?.by == "ann")
    build.end(1, .succeeded)
    #expect(build.actions == [.end(.succeeded)])
  }

  @Test("An approval is heard also while the job is paused")
  func approveWhilePaused() throws {
    var build = try gated()
    build.start()
    build.end(0, .succeeded)
    build.hold(1, at: place(.unapproved))
    build.start(isHeld: true)
    build.apply(approval(1, by: "ann"), isHeld: true)
    #expect(build.actions == [] && build.state.tasks[1].approval?.by == "ann")
    build.start()
    #expect(build.posted == [1])
  }

  @Test("A task that is held is posted after every event until it is let in, and a cancelled one never")
  func hold() throws {
    var build = try gated()
    build.start()
    build.end(0, .succeeded)
    for _ in 0..<3 {
      build.hold(1, at: place(.waits))
      let state = build.state
      build.start()
      #expect(build.posted == [1])
      build.hold(1, at: place(.waits))
      #expect(build.state == state)
    }
    build.cancel()
    #expect(build.actions == [.end(.cancelled)] && build.state.leaving(build.plan) == [1])
  }

  @Test("A newer build spares what may deploy, and not what nobody has approved")
  func supersede() throws {
    let newer = BuildEvent.supersede(by: BuildID(job: try JobName("job"), number: 2), at: Timestamp(milliseconds: 9))
    var unapproved = try gated()
    unapproved.start()
    unapproved.end(0, .succeeded)
    unapproved.hold(1, at: place(.unapproved))
    unapproved.apply(newer)
    #expect(unapproved.actions == [.end(.cancelled)])
    var approved = try gated()
    approved.start()
    approved.end(0, .succeeded)
    approved.hold(1, at: place(.unapproved))
    approved.apply(approval(1, by: "ann"))
    approved.hold(1, at: place(.waits))
    approved.apply(newer)
    #expect(approved.posted == [1] && approved.verdicts == [.succeeded, nil])
  }
}
