import Model
import ObjectStorage
import SharedRepository
import Synchronization
import Testing

@Suite struct LogRouteTests {
  private static let path = "/api/v1/jobs/library/builds/1/tasks/test/log"
  private static let output = "zero\none\ntwo\nthree\n"

  @Test(arguments: [
    (nil, 200, output, nil), ("bytes=0-3", 206, "zero", "bytes 0-3/19"),
    ("bytes=5-", 206, "one\ntwo\nthree\n", "bytes 5-18/19"),
    ("bytes=-6", 206, "three\n", "bytes 13-18/19"), ("bytes=9-1000", 206, "two\nthree\n", "bytes 9-18/19"),
    ("bytes=x-", 200, output, nil), ("bytes=3-1", 200, output, nil), ("bytes=0-1,3-4", 200, output, nil),
    ("lines=0-3", 200, output, nil),
  ])
  func rangesOfALog(range: String?, status: Int, text: String, contentRange: String?) async throws {
    try await Place.with { place in
      var build = try await place.start(try await place.define("library"))
      try await build.run(0, output: Self.output)
      let answer = try await place.server.send("GET", Self.path, range.map { ["Range": $0] } ?? [:])
      #expect(answer.status == status)
      #expect(answer.text == text)
      #expect(answer.headers["content-range"] == contentRange)
      #expect(answer.headers["content-length"] == String(text.utf8.count))
      #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
    }
  }

  @Test func aRangeBehindTheEndIsRefused() async throws {
    try await Place.with { place in
      var build = try await place.start(try await place.define("library"))
      try await build.run(0, output: Self.output)
      let answer = try await place.server.send("GET", Self.path, ["Range": "bytes=19-"])
      #expect(answer.status == 416)
      #expect(answer.headers["content-range"] == "bytes */19")
      let rest = try await place.server.send("GET", Self.path + "?offset=13")
      #expect(rest.text == "three\n")
      let nothing = try await place.server.send("GET", Self.path + "?offset=1000")
      #expect(nothing.status == 200 && nothing.body.isEmpty)
    }
  }

  @Test func theLogOfABuildHasAHeadingForEachTask() async throws {
    try await Place.with { place in
      var build = try await place.start(try await place.define("library"))
      try await build.run(0, output: "hello\n")
      let log = try await place.server.send("GET", "/api/v1/jobs/library/builds/1/log")
      #expect(log.text == "==> test (execute-shell)\nhello\n")
    }
  }

  @Test func aLogIsFollowedWhileItGrowsUntilItEnds() async throws {
    try await Place.with { place in
      let build = try await place.start(try await place.define("library"))
      let storage = try await build.claim(0)
      let progress = Mutex((log: storage.log, build: build, step: 0))
      try await place.server.stream(Self.path + "?follow") { received in
        // Every step is taken only once what the step before it wrote has arrived.
        let (step, isNew) = progress.withLock { progress in
          let expected = ["\r\n\r\n", "first\n", "second\n"]
          guard progress.step < 3, received.contains(expected[progress.step]) else { return (progress.step, false) }
          progress.step += 1
          return (progress.step, true)
        }
        guard isNew else { return !received.hasSuffix("0\r\n\r\n") }
        var (log, build, _) = progress.withLock { $0 }
        if step == 1 { try await log.append(Array("first\n".utf8)) }
        if step == 2 { try await log.append(Array("second\n".utf8)) }
        if step == 3 { try await build.end(0, .succeeded, logSize: log.length) }
        let (moved, current) = (log, build)
        progress.withLock { ($0.log, $0.build) = (moved, current) }
        return true
      }
      #expect(progress.withLock(\.step) == 3)
    }
  }

  @Test func nothingIsReadForAClientThatIsGone() async throws {
    let clock = SteppedClock()
    try await Place.with(clock: clock) { place in
      let build = try await place.start(try await place.define("library"))
      _ = try await build.claim(0)
      try await place.server.stream(Self.path + "?follow") { _ in
        try await eventually("the log is waited for") { clock.sleepers.count == 1 }
        return false
      }
      try await eventually("the wait is given up") { clock.cancelled == 1 }
      #expect(clock.sleepers.isEmpty)
    }
  }

  @Test(arguments: [
    ("/api/v1/jobs/library/builds/2/log", 404), ("/api/v1/jobs/library/builds/1/tasks/none/log", 404),
    ("/api/v1/jobs/library/builds/2/log?follow", 404), ("/api/v1/jobs/library/builds/1/log?offset=-1", 400),
    ("/api/v1/jobs/library/builds/0/log", 400), ("/api/v1/jobs/library/builds/x/log", 400),
  ])
  func logsThatAreNotThere(path: String, status: Int) async throws {
    try await Place.with { place in
      _ = try await place.start(try await place.define("library"))
      let answer = try await place.server.send("GET", path)
      #expect(answer.status == status)
      #expect(try answer.json(ErrorView.self).remedy.isEmpty == false)
    }
  }
}
