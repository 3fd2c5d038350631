import Model
import Testing

@Suite struct ScaleRouteTests {
  @Test func aNumberIsSetShownListedAndTakenBack() async throws {
    try await Place.with { place in
      let path = "/api/v1/scale/execute-shell/linux%2Bx86"
      let set = try await place.server.send("PUT", path, body: #"{"wanted": 8}"#)
      #expect(set.status == 200)
      let view = try set.json(ScaleView.self)
      #expect(view.wanted == 8 && view.running == 0 && view.labels.map(\.rawValue) == ["linux", "x86"])
      // The order of the labels does not matter.
      let shown = try await place.server.send("GET", "/api/v1/scale/execute-shell/x86+linux")
      #expect(try shown.json(ScaleView.self) == view)
      #expect(try await place.server.send("GET", "/api/v1/scale").json([ScaleView].self) == [view])
      let zero = try await place.server.send("PUT", path, body: #"{"wanted": 0}"#)
      #expect(try zero.json(ScaleView.self).wanted == 0)
      #expect(try await place.server.send("GET", "/api/v1/scale").json([ScaleView].self).isEmpty)
      #expect(try await place.server.send("GET", "/api/v1/pools").json([PoolView].self).isEmpty)
    }
  }

  @Test func boundsKeepTheNumberThatLiesWithinThem() async throws {
    try await Place.with { place in
      let path = "/api/v1/scale/execute-shell/-"
      func wanted(_ body: String) async throws -> ScaleView {
        try await place.server.send("PUT", path, body: body).json(ScaleView.self)
      }
      #expect(try await wanted(#"{"wanted": 5}"#).automatic == nil)
      let bounded = try await wanted(#"{"min": 1, "max": 8, "targetWait": "1m"}"#)
      #expect(bounded.wanted == 5)
      #expect(bounded.automatic == AutomaticScaleView(ScaleLimits(min: 1, max: 8, targetWait: .seconds(60))))
      #expect(try await wanted(#"{"max": 3}"#).wanted == 3)
      #expect(try await wanted(#"{"min": 4, "max": 8}"#).wanted == 4)
      #expect(try await wanted(#"{"wanted": 2}"#).automatic == nil)
    }
  }

  @Test func aClassWithoutANumberIsListedWhileTicketsWait() async throws {
    try await Place.with { place in
      let job = try await place.define(
        "foo",
        #"{"job": "foo", "tasks": [{"name": "a", "type": "execute-shell", "script": "true", "labels": ["gpu"]}]}"#)
      _ = try await place.start(job)
      let views = try await place.server.send("GET", "/api/v1/scale").json([ScaleView].self)
      #expect(views.map(\.kind) == [.executeShell])
      #expect(views.map(\.waiting) == [1])
    }
  }

  @Test(arguments: [
    ("/api/v1/scale/execute-shel/-", #"{"wanted": 1}"#, 400),
    ("/api/v1/scale/execute-shell/a++b", #"{"wanted": 1}"#, 400),
    ("/api/v1/scale/execute-shell/%2e%2e", #"{"wanted": 1}"#, 400), ("/api/v1/scale/execute-shell/-", "", 400),
    ("/api/v1/scale/execute-shell/-", "{}", 400), ("/api/v1/scale/execute-shell/-", #"{"wanted": 1001}"#, 400),
    ("/api/v1/scale/execute-shell/-", #"{"wanted": "x"}"#, 400),
    ("/api/v1/scale/execute-shell/-", #"{"slots": 1}"#, 422),
  ])
  func whatCannotBeWantedIsRefused(path: String, body: String, status: Int) async throws {
    try await Place.with { place in
      let answer = try await place.server.send("PUT", path, body: body)
      #expect(answer.status == status, "\(answer.text)")
      #expect(try answer.json(ErrorView.self).remedy.isEmpty == false)
      #expect(try await place.server.send("GET", "/api/v1/scale").json([ScaleView].self).isEmpty)
    }
  }
}
