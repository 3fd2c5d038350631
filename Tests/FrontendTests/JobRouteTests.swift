import Model
import Testing

@Suite struct JobRouteTests {
  private let file = #"""
    {"job": "library", "description": "Builds it",
     "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}
    """#

  @Test func aJobIsStoredShownListedAndDeleted() async throws {
    try await Place.with { place in
      let stored = try await place.server.send("PUT", "/api/v1/jobs/library", body: file)
      #expect(stored.status == 200)
      #expect(try stored.json(JobView.self).description == "Builds it")
      #expect(try await place.server.send("GET", "/api/v1/jobs/library").json(JobView.self).job.rawValue == "library")
      #expect(try await place.server.send("GET", "/api/v1/jobs").json([JobView].self).count == 1)
      #expect(try await place.server.send("GET", "/api/v1/jobs?after=library").json([JobView].self).isEmpty)
      let text = try await place.server.send("GET", "/api/v1/jobs/library/file")
      #expect(try JobFile.parse(text.body, file: "library").description == "Builds it")
      #expect(try await place.server.send("DELETE", "/api/v1/jobs/library").status == 204)
      let gone = try await place.server.send("GET", "/api/v1/jobs/library")
      #expect(gone.status == 404)
      #expect(try gone.json(ErrorView.self).code == "not-found")
    }
  }

  @Test func aJobOf2013IsTaken() async throws {
    try await Place.with { place in
      let file = #"""
        {"configuration-version": "2013-02-26", "job_id": "old",
         "tasks": [{"type": "execute-shell", "params": {"script": "make"}}]}
        """#
      let answer = try await place.server.send("PUT", "/api/v1/jobs/old", body: file)
      #expect(answer.status == 200)
    }
  }

  @Test func everythingThatIsWrongWithAJobFileIsSaid() async throws {
    try await Place.with { place in
      let file = "{\"job\": \"library\",\n \"taks\": [], \"priority\": \"high\"}"
      let answer = try await place.server.send("PUT", "/api/v1/jobs/library", body: file)
      #expect(answer.status == 422)
      let error = try answer.json(ErrorView.self)
      #expect(error.code == "invalid-job")
      #expect(!error.remedy.isEmpty)
      let diagnostics = try #require(error.diagnostics)
      #expect(diagnostics.count >= 2)
      #expect(diagnostics.contains { $0.line == 2 && $0.column == 2 && $0.file == "library.json" })
    }
  }

  @Test func hostileJobFilesAreRefusedWithThePlace() async throws {
    try await Place.with { place in
      let rows = [
        (String(repeating: "[", count: 100_000), "64 deep"), (#"{"a": 1, "a": 2}"#, "stands twice"),
        (#"{"priority": NaN}"#, "no NaN"), (#"{"job": "\ud800"}"#, "surrogate"),
        ("[" + String(repeating: "0,", count: 60_000) + "0]", "more than 50000 values"),
        ("{\"a" + String(repeating: "\u{301}\u{316}", count: 100_000) + "\": 1}", "combining marks"),
      ]
      for (text, message) in rows {
        let answer = try await place.server.send("PUT", "/api/v1/jobs/library", body: text)
        #expect(answer.status == 422)
        let error = try answer.json(ErrorView.self)
        #expect(error.code == "invalid-job" && error.message.contains(message), "\(error)")
      }
      let large = try await place.server.send(
        "PUT", "/api/v1/jobs/library", body: String(repeating: "[", count: 100 << 20))
      #expect(large.status == 413)
    }
  }

  @Test func theAddressAndTheFileMustNameTheSameJob() async throws {
    try await Place.with { place in
      let answer = try await place.server.send("PUT", "/api/v1/jobs/other", body: file)
      #expect(answer.status == 422)
      #expect(try answer.json(ErrorView.self).code == "invalid-job")
      #expect(try await place.server.send("GET", "/api/v1/jobs").json([JobView].self).isEmpty)
    }
  }

  @Test(arguments: [
    ("/api/v1/jobs/%2e%2e", 400), ("/api/v1/jobs/a%2Fb", 400), ("/api/v1/jobs/%FF", 400),
    ("/api/v1/jobs?limit=0", 400), ("/api/v1/jobs/library/builds?limit=0", 400),
    ("/api/v1/jobs?limit=1001", 400), ("/api/v1/jobs?limit=x", 400),
    ("/api/v1/jobs?after=..", 400), ("/api/v1/jobs/none", 404), ("/api/v1/jobs/none/file", 404),
  ])
  func namesAndNumbersAreChecked(path: String, status: Int) async throws {
    try await Place.with { place in
      let answer = try await place.server.send("GET", path)
      #expect(answer.status == status)
      #expect(try answer.json(ErrorView.self).remedy.isEmpty == false)
    }
  }
}
