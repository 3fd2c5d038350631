import Model
import Testing

/// Builds whose job is paused: nothing new is posted, and nothing is forgotten.
struct HeldBuildTests {
  @Test("What is ready waits while the build is held, and is posted once by the start that follows")
  func start() throws {
    var build = try TestBuild([[], [0]])
    build.start(isHeld: true)
    #expect(build.actions == [])
    build.start()
    #expect(build.posted == [0])
    build.start()
    #expect(build.actions == [])
  }

  @Test("A task that runs ends, and what follows it waits")
  func next() throws {
    var build = try TestBuild([[], [0]])
    build.start()
    build.end(0, .succeeded, isHeld: true)
    #expect(build.actions == [])
    build.start()
    #expect(build.posted == [1])
  }

  @Test("An attempt that is due while the build is held is made when it is held no longer")
  func retry() throws {
    var build = try TestBuild([[]])
    build.start()
    build.end(0, .errored)
    build.wake(0, isHeld: true)
    #expect(build.actions == [] && build.verdicts == [nil])
    build.start()
    #expect(build.actions == [.post(task: 0, attempt: 2)])
  }

  @Test("A held build is cancelled, and fails, like any other")
  func ends() throws {
    var cancelled = try TestBuild([[], [0]])
    cancelled.start(isHeld: true)
    cancelled.cancel()
    #expect(cancelled.verdicts == [.cancelled, .cancelled] && cancelled.actions.contains(.end(.cancelled)))
    var failed = try TestBuild([[], [0]])
    failed.start()
    failed.end(0, .failed, isHeld: true)
    #expect(failed.actions == [.end(.failed)])
  }
}
