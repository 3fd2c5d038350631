import Foundation
import Model
import SharedRepository
import Testing

@Suite struct EnvironmentRouteTests {
  @Test func aPausedEnvironmentSaysSoUntilItIsResumed() async throws {
    try await Place.with { place in
      #expect(try await place.server.send("GET", "/api/v1/environments").text.hasSuffix("[]"))
      let path = "/api/v1/environments/stage/pause"
      let view = try await place.server.send("PUT", path, body: #"{"by": "ann", "reason": "busy"}"#).json(
        PauseView.self)
      #expect(view.environment?.rawValue == "stage" && view.by == "ann" && view.reason == "busy")
      let listed = try await place.server.send("GET", "/api/v1/environments").json([EnvironmentView].self)
      #expect(listed.map(\.environment.rawValue) == ["stage"] && listed.first?.paused == view)
      let all = try await place.server.send("GET", "/api/v1/pauses").json([PauseView].self)
      #expect(all == [view])
      let shown = try await place.server.send("GET", "/api/v1/environments/stage").json(EnvironmentView.self)
      #expect(shown.history == [] && shown.live == nil && shown.paused == view)
      #expect(try await place.server.send("DELETE", path).status == 204)
      #expect(try await place.server.send("DELETE", path).status == 204)
      #expect(try await place.server.send("GET", "/api/v1/environments/stage").status == 404)
    }
  }

  @Test(arguments: [
    ("GET", "/api/v1/environments/none", "", 404), ("PUT", "/api/v1/environments/a%2fb/pause", "", 400),
    ("POST", "/api/v1/environments/none/rollback", "", 404),
    ("POST", "/api/v1/environments/none/rollback", #"{"job": "library"}"#, 400),
    ("POST", "/api/v1/environments/none/rollback", #"{"job": "library", "build": 9}"#, 404),
    ("POST", "/api/v1/environments/none/rollback", #"{"to": "library/9"}"#, 422),
    ("POST", "/api/v1/jobs/library/builds/9/tasks/test/approve", "", 404),
    ("POST", "/api/v1/jobs/library/builds/1/tasks/none/approve", "", 404),
    ("POST", "/api/v1/jobs/library/builds/1/tasks/test/approve", "", 422),
  ])
  func whatMakesNoSenseIsRefused(method: String, path: String, body: String, status: Int) async throws {
    try await Place.with { place in
      _ = try await place.start(try await place.define("library"))
      let answer = try await place.server.send(method, path, body: body)
      #expect(answer.status == status, "\(answer.text)")
      #expect(try answer.json(ErrorView.self).remedy.isEmpty == false)
    }
  }

  @Test(arguments: ["/api/v1/environments/stage/rollback", "/api/v1/jobs/library/builds/1/tasks/test/approve"])
  func aPageOfAnotherSiteChangesNothing(path: String) async throws {
    try await Place.with { place in
      let answer = try await place.server.send("POST", path, ["Origin": "https://evil.example"])
      #expect(answer.status == 403)
    }
  }

  @Test(arguments: ["/environments", "/environments/stage"]) func thereIsAPage(path: String) async throws {
    try await Place.with { place in
      let answer = try await place.server.send("GET", path)
      #expect(answer.status == 200 && answer.text.contains("/assets/app.js"))
    }
  }
}
