import Foundation
import Model
import SharedRepository
import Testing

@Suite struct PauseRouteTests {
  @Test func aPausedJobSaysSoUntilItIsResumed() async throws {
    try await Place.with { place in
      try await place.define("library")
      let path = "/api/v1/jobs/library/pause"
      let answer = try await place.server.send("PUT", path, body: #"{"by": "ann", "reason": "moving"}"#)
      #expect(answer.status == 200)
      let view = try answer.json(PauseView.self)
      #expect(view.job?.rawValue == "library" && view.by == "ann" && view.reason == "moving")
      let shown = try await place.server.send("GET", "/api/v1/jobs/library").json(JobView.self)
      let listed = try await place.server.send("GET", "/api/v1/jobs").json([JobView].self)
      let all = try await place.server.send("GET", "/api/v1/pauses").json([PauseView].self)
      #expect(shown.paused == view && listed.first?.paused == view && all == [view])
      #expect(try await place.server.send("DELETE", path).status == 204)
      #expect(try await place.server.send("DELETE", path).status == 204)
      #expect(try await place.server.send("GET", "/api/v1/jobs/library").json(JobView.self).paused == nil)
    }
  }

  @Test(arguments: [
    ("PUT", "/api/v1/jobs/none/pause", "", 404), ("DELETE", "/api/v1/jobs/none/pause", "", 404),
    ("PUT", "/api/v1/labels/no%20label/pause", "", 400), ("PUT", "/api/v1/labels/linux/pause", #"{"b": 1}"#, 422),
    ("POST", "/api/v1/workers/nobody/drain", "", 404), ("POST", "/api/v1/workers/no%2fbody/drain", "", 404),
    ("GET", "/api/v1/jobs/library/builds/7/explanation", "", 404),
  ])
  func whatIsNotThereIsRefused(method: String, path: String, body: String, status: Int) async throws {
    try await Place.with { place in
      try await place.define("library")
      let answer = try await place.server.send(method, path, body: body)
      #expect(answer.status == status)
      #expect(try answer.json(ErrorView.self).remedy.isEmpty == false)
    }
  }

  @Test func aPauseHoldsNoMoreTextThanItsNodeHasRoomFor() async throws {
    try await Place.with { place in
      let long = String(repeating: "é", count: 2_000)
      let body = #"{"by": "\#(long)", "reason": "\#(long)"}"#
      let view = try await place.server.send("PUT", "/api/v1/labels/linux/pause", body: body).json(PauseView.self)
      #expect(view.by.utf8.count <= Pause.longestName + 3)
      #expect((view.reason?.utf8.count ?? 0) <= Pause.longestReason + 3)
    }
  }

  @Test func aBuildThatNobodyTakesInIsExplained() async throws {
    try await Place.with { place in
      let tasks = ["a", "b"].map { #"{ "name": "\#($0)", "type": "execute-shell", "script": "true", "needs": [] }"# }
      try await place.define("library", #"{ "job": "library", "tasks": [\#(tasks.joined(separator: ", "))] }"#)
      _ = try await place.server.send("POST", "/api/v1/jobs/library/builds")
      let answer = try await place.server.send("GET", "/api/v1/jobs/library/builds/1/explanation")
      let view = try answer.json(ExplanationView.self)
      #expect(view.verdict == nil && answer.text.contains(#""verdict":null"#))
      #expect(view.reason?.code == "build-control" && view.reason?.news == "triggered")
      #expect(view.reason?.because?.map(\.code) == ["no-worker"])
      #expect(view.tasks.map(\.reason.code) == ["build-control", "build-control"])
    }
  }

  @Test func anEndedBuildHasNothingToExplain() async throws {
    try await Place.with { place in
      let job = try await place.define("library")
      var build = try await place.start(job)
      try await build.end(0, .failed)
      let view = try await place.repository.explanation(of: build.id)
      // The stand-in for workers does not write history: all tasks have ended, and none is explained.
      #expect(view.tasks.isEmpty && view.reason == nil)
    }
  }

  @Test func aWaitForChangeEndsWhenAWorkerTakesATicket() async throws {
    try await Place.with { place in
      let build = try await place.start(try await place.define("library"))
      let path = "/api/v1/jobs/library/builds/1"
      let tag = try #require(try await place.server.send("GET", path).headers["etag"])
      async let answer = place.server.send("GET", path + "?wait=60", ["If-None-Match": tag])
      _ = try await build.claim(0)
      #expect(try await answer.json(BuildView.self).tasks[0].status == .running)
    }
  }
}
