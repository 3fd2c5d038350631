import Model
import ObjectStorage
import SharedRepository
import Testing

@Suite struct ArtifactRouteTests {
  private static let path = "/api/v1/jobs/library/builds/1/artifacts"
  private static let page = "<html><script>alert(document.domain)</script></html>"
  private static let names = ["dist/page.html", "dist/a b\"é.svg"]

  private func withArtifacts(_ body: @escaping @Sendable (Server) async throws -> Void) async throws {
    try await Place.with { place in
      var build = try await place.start(try await place.define("library"))
      let storage = build.storage(0)
      var stored: [StoredArtifact] = []
      for (number, name) in Self.names.enumerated() {
        let blob = try await storage.putArtifact(number, from: OneChunk(Array(Self.page.utf8)))
        stored.append(
          StoredArtifact(path: name, size: blob.size, sha256: "\(blob.sha256)", mode: 0o644, number: number))
      }
      try await storage.putArtifactList(stored)
      try await build.end(0, .succeeded, artifacts: stored.count)
      try await body(place.server)
    }
  }

  @Test func aBrowserOnlySavesThem() async throws {
    try await withArtifacts { server in
      let answer = try await server.send("GET", Self.path + "/dist/page.html")
      #expect(answer.status == 200)
      #expect(answer.text == Self.page)
      #expect(answer.headers["content-type"] == "application/octet-stream")
      #expect(answer.headers["x-content-type-options"] == "nosniff")
      #expect(answer.headers["content-security-policy"] == "sandbox; default-src 'none'")
      #expect(answer.headers["content-length"] == String(Self.page.utf8.count))
      let disposition = try #require(answer.headers["content-disposition"])
      #expect(disposition == "attachment; filename=\"page.html\"; filename*=UTF-8''page.html")
    }
  }

  @Test func aHostileNameStaysAName() async throws {
    try await withArtifacts { server in
      let answer = try await server.send("GET", Self.path + "/dist/a%20b%22%C3%A9.svg")
      #expect(answer.status == 200)
      let expected = "attachment; filename=\"a_b__.svg\"; filename*=UTF-8''a%20b%22%C3%A9.svg"
      #expect(answer.headers["content-disposition"] == expected)
    }
  }

  @Test func theyAreListed() async throws {
    try await withArtifacts { server in
      let list = try await server.send("GET", Self.path).json([ArtifactView].self)
      #expect(Set(list.map(\.path)) == Set(Self.names))
      #expect(list.allSatisfy { $0.sha256.utf8.count == 64 && $0.mode == "644" })
    }
  }

  @Test func rangesAndTags() async throws {
    try await withArtifacts { server in
      let path = Self.path + "/dist/page.html"
      let part = try await server.send("GET", path, ["Range": "bytes=1-4"])
      #expect(part.status == 206)
      #expect(part.text == "html")
      #expect(part.headers["content-range"] == "bytes 1-4/\(Self.page.utf8.count)")
      let tag = try #require(part.headers["etag"])
      let known = try await server.send("GET", path, ["If-None-Match": tag])
      #expect(known.status == 304 && known.body.isEmpty)
      let other = try await server.send("GET", path, ["Range": "bytes=1-4", "If-Range": "\"another\""])
      #expect(other.status == 200 && other.text == Self.page)
      let outside = try await server.send("GET", path, ["Range": "bytes=1000-"])
      #expect(outside.status == 416)
      let head = try await server.send("HEAD", path)
      #expect(head.status == 200 && head.body.isEmpty)
      #expect(head.headers["content-length"] == String(Self.page.utf8.count))
    }
  }

  @Test func whatHasExpiredIsGoneAndSaysSo() async throws {
    try await Place.with { place in
      let file = #"""
        {"job": "library", "tasks": [{"name": "out", "type": "publish-artifacts", "files": ["*"], "keep": "30d"}]}
        """#
      var build = try await place.start(try await place.define("library", file))
      let storage = build.storage(0)
      let blob = try await storage.putArtifact(0, from: OneChunk([1]))
      try await storage.putArtifactList([
        StoredArtifact(path: "a b", size: blob.size, sha256: "\(blob.sha256)", mode: 0o644, number: 0)
      ])
      try await build.end(0, .succeeded, artifacts: 1)
      #expect(try await place.server.send("GET", Self.path + "/a%20b").status == 200)
      let time = Timestamp(milliseconds: 1_700_000_000_000)
      let lease = try JSONBytes.encode(ArtifactLease(due: time, expired: time))
      try await place.repository.objects.update(
        ObjectMap.kept, [IndexChange(key: "lot=library/1=2592000", value: lease)])
      let gone = try await place.server.send("GET", Self.path + "/a%20b")
      let error = try gone.json(ErrorView.self)
      #expect(gone.status == 410 && error.code == "expired" && error.remedy.contains("\"keep\""))
      #expect(error.message.contains("expired at \(time.text)") && error.message.contains("30d"))
      let list = try await place.server.send("GET", Self.path).json([ArtifactView].self)
      #expect(list.map(\.path) == ["a b"] && list.map(\.expired?.time) == [time])
    }
  }

  @Test(arguments: [
    "/../../../../etc/passwd", "/%2e%2e/%2e%2e/etc/passwd", "/dist/..%2f..%2fpage.html", "/dist/%2e%2e/dist/page.html",
    "/dist//page.html", "/dist", "/dist/page.html%00", "/..%5cdist%5cpage.html",
  ])
  func nothingButTheirVeryPathsNamesThem(suffix: String) async throws {
    try await withArtifacts { server in
      let answer = try await server.send("GET", Self.path + suffix)
      #expect(answer.status == 404 || answer.status == 400)
      #expect(!answer.text.contains("<script>"))
    }
  }
}
