import Foundation
import Model
import SharedRepository
import Testing

@Suite struct BuildRouteTests {
  private static let parameters = #"""
    {"job": "library", "parameters": [{"name": "mode", "type": "choice", "choices": ["debug", "release"]},
      {"name": "fast", "type": "boolean", "default": false}],
     "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}
    """#

  @Test func aBuildIsDurableWhenItsStartIsAnswered() async throws {
    try await Place.with { place in
      try await place.define("library", Self.parameters)
      let body = #"{"parameters": {"mode": "release", "fast": true}}"#
      let answer = try await place.server.send("POST", "/api/v1/jobs/library/builds", body: body)
      #expect(answer.status == 201)
      #expect(answer.headers["location"] == "/api/v1/jobs/library/builds/1")
      let view = try answer.json(BuildView.self)
      #expect(view.verdict == nil)
      #expect(view.parameters == ["mode": "release", "fast": "true"])
      #expect(answer.text.contains(#""verdict":null"#))
      #expect(try await place.repository.runningBuild(BuildID(job: JobName("library"), number: 1)) != nil)
    }
  }

  @Test(arguments: [
    ("library", "{", 400), ("library", #"{"parameters": 3}"#, 400), ("library", #"{"parameters": {"mode": "x"}}"#, 422),
    ("library", "", 422), ("library", #"{"parameters": {"mode": "debug", "no": "1"}}"#, 422), ("none", "", 404),
    ("library", #"{"parameters": {"mode": "debug", "mode": "debug"}}"#, 400),
    ("library", String(repeating: "[", count: 1_000), 400),
  ])
  func aStartThatIsNotPossibleStartsNothing(job: String, body: String, status: Int) async throws {
    try await Place.with { place in
      let name = try await place.define("library", Self.parameters)
      let answer = try await place.server.send("POST", "/api/v1/jobs/\(job)/builds", body: body)
      #expect(answer.status == status)
      #expect(try answer.json(ErrorView.self).message.isEmpty == false)
      let builds = try await place.builds(of: name)
      #expect(builds.isEmpty)
    }
  }

  @Test(arguments: [
    ("", #"{"paramters": {"mode": "debug"}}"#, "paramters", "did you mean 'parameters'?"),
    ("", #"{"parameters": {"mode": "debug"}, "branch": "main"}"#, "branch", "it takes 'parameters' and 'by'"),
    ("/1/cancel", #"{"b": "ann"}"#, "'b'", "did you mean 'by'?"),
  ])
  func keysThatNobodyKnowsAreNamed(path: String, body: String, key: String, remedy: String) async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.parameters)
      let answer = try await place.server.send("POST", "/api/v1/jobs/library/builds" + path, body: body)
      #expect(answer.status == 422)
      let view = try answer.json(ErrorView.self)
      #expect(view.message.contains(key) && view.remedy == remedy)
      let builds = try await place.builds(of: job)
      #expect(builds.isEmpty)
    }
  }

  @Test func oneKeyStartsOneBuildWhereverItArrives() async throws {
    try await Place.with { place in
      let job = try await place.define("library")
      let other = RepositoryConnection(store: place.store, objects: place.objects) { Timestamp(milliseconds: 0) }
      try await Place.withSession(other) {
        try await Place.serving(other) { second in
          let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for index in 0..<8 {
              group.addTask {
                let server = index.isMultiple(of: 2) ? place.server : second
                return try await server.send("POST", "/api/v1/jobs/library/builds", ["Idempotency-Key": "k"])
              }
            }
            return try await group.reduce(into: [Answer]()) { $0.append($1) }
          }
          #expect(answers.filter { $0.status == 201 }.count == 1)
          #expect(answers.filter { $0.status == 200 }.count == 7)
          let builds = try await place.builds(of: job)
          #expect(builds.count == 1)
        }
      }
    }
  }

  @Test func buildsAreListedNewestFirstInPages() async throws {
    try await Place.with { place in
      try await place.define("library")
      for _ in 0..<3 { _ = try await place.server.send("POST", "/api/v1/jobs/library/builds") }
      let first = try await place.server.send("GET", "/api/v1/jobs/library/builds?limit=2").json([BuildSummary].self)
      #expect(first.map(\.build) == [3, 2])
      let rest = try await place.server.send("GET", "/api/v1/jobs/library/builds?before=2").json([BuildSummary].self)
      #expect(rest.map(\.build) == [1])
    }
  }

  @Test func aWaitEndsWithTheBuild() async throws {
    try await Place.with { place in
      var build = try await place.start(try await place.define("library"))
      async let answer = place.server.send("GET", "/api/v1/jobs/library/builds/1?wait=60")
      try await build.end(0, .failed)
      #expect(try await answer.json(BuildView.self).verdict == .failed)
    }
  }

  @Test func aWaitForChangeEndsWithTheChange() async throws {
    try await Place.with { place in
      let two = #"""
        {"job": "library", "tasks": [{"name": "a", "type": "execute-shell", "script": "true"},
          {"name": "b", "type": "execute-shell", "script": "true"}]}
        """#
      var build = try await place.start(try await place.define("library", two))
      let path = "/api/v1/jobs/library/builds/1"
      let tag = try #require(try await place.server.send("GET", path).headers["etag"])
      let same = try await place.server.send("GET", path, ["If-None-Match": tag])
      #expect(same.status == 304)
      async let answer = place.server.send("GET", path + "?wait=60", ["If-None-Match": tag])
      try await build.end(0, .succeeded)
      let view = try await answer.json(BuildView.self)
      #expect(view.verdict == nil)
      #expect(view.tasks[0].verdict == .succeeded)
    }
  }

  @Test func aWaitEndsWithItsTime() async throws {
    let clock = SteppedClock()
    try await Place.with(clock: clock) { place in
      _ = try await place.start(try await place.define("library"))
      async let answer = place.server.send("GET", "/api/v1/jobs/library/builds/1?wait=60")
      try await eventually("a sleep of a minute begins") { clock.sleepers.count == 1 }
      clock.wakeAll()
      #expect(try await answer.json(BuildView.self).verdict == nil)
    }
  }

  @Test func aBuildIsCancelledByName() async throws {
    try await Place.with { place in
      var build = try await place.start(try await place.define("library"))
      let path = "/api/v1/jobs/library/builds/1/cancel"
      let answer = try await place.server.send("POST", path, body: #"{"by": "ann"}"#)
      #expect(answer.status == 202)
      let tickets = try await place.server.send("GET", "/api/v1/queue").json([QueuedTicketView].self)
      #expect(tickets.filter { $0.build == 1 }.count == 2)
      try await build.end(0, .succeeded)
      let none = try await place.server.send("POST", "/api/v1/jobs/library/builds/9/cancel")
      #expect(none.status == 404)
    }
  }
}
