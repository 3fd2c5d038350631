import Model
import Testing

/// What a task that could run waits for at its environment.
struct EnvironmentReasonTests {
  private static let now = Timestamp(milliseconds: 1_700_000_000_000)
  private let stage: DeployTarget
  private var snapshot: BuildSnapshot

  init() throws {
    stage = try DeployTarget("stage")
    let task = TaskDefinition(
      name: try TaskName("ship"), needs: [], deployment: Deployment(environment: "stage", approval: true),
      work: .executeShell(ExecuteShell(command: .script("true"))))
    let request = BuildRequest(
      build: BuildID(job: try JobName("shop"), number: 2), requestID: "", jobRevision: "", parameters: [:],
      cause: .request, requested: Self.now, depth: 0, priority: 0)
    let plan = try Plan(request: request, tasks: [task])
    var state = BuildState(taskCount: 1)
    _ = state.advance(plan, .start, now: Self.now)
    state.hold(0, at: EnvironmentPlace(.unapproved, at: stage, since: Self.now))
    snapshot = BuildSnapshot(plan: plan, state: state, now: Self.now)
  }

  private var reason: WaitReason? { Explanation(of: snapshot).tasks.first?.reason }
  private var view: ReasonView? { reason.map { ReasonView($0, Self.now) } }

  private mutating func approve() {
    _ = snapshot.state.advance(snapshot.plan, .approve(task: 0, by: "ann", at: Self.now), now: Self.now)
    snapshot.state.hold(0, at: EnvironmentPlace(.waits, at: stage, since: Self.now))
  }

  @Test mutating func somebodyHasToApproveIt() throws {
    #expect(view?.code == "approval" && view?.environment == stage)
    #expect(
      view?.message == "waits since 22:13 UTC for somebody to approve that it deploys to stage",
      "\(view?.message ?? "")")
    // The pause is of no importance before that.
    snapshot.environments[stage] = EnvironmentStanding(pause: Pause(by: "ada", at: Self.now, reason: nil))
    #expect(view?.code == "approval")
    snapshot.tickets["approve0"] = .taken(worker: "w", since: Self.now, isAlive: true)
    #expect(view?.code != "approval")
  }

  @Test mutating func anotherBuildDeploys() throws {
    approve()
    let holder = BuildID(job: try JobName("other"), number: 7)
    snapshot.environments[stage] = EnvironmentStanding(
      holder: EnvironmentHold(environment: stage, since: Self.now, holder: holder, task: try TaskName("go")))
    #expect(view?.code == "environment-held" && view?.holder?.id == holder)
    #expect(view?.message == "the environment stage is held since 22:13 UTC by task go of build other/7")
    snapshot.environments[stage]?.pause = Pause(by: "ada", at: Self.now, reason: "busy")
    #expect(view?.code == "environment-paused")
    #expect(view?.message == "the environment stage is paused since 22:13 UTC by ada: busy")
    snapshot.environments[stage]?.pause?.isEnding = true
    #expect(view?.code == "resuming")
  }

  @Test mutating func itsTurnHasJustCome() throws {
    approve()
    snapshot.environments[stage] = EnvironmentStanding(
      holder: EnvironmentHold(
        environment: stage, since: Self.now, holder: snapshot.plan.request.build, task: try TaskName("ship")))
    #expect(view?.code == "changing-hands")
  }
}
