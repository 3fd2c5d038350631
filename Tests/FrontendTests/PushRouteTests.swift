import Foundation
import Frontend
import Model
import SharedRepository
import Testing

@Suite struct PushRouteTests {
  private func job(_ name: String, _ repository: String, _ more: String = "") -> String {
    #"""
    {"job": "\#(name)", "triggers": [{"on": "push", "repository": "\#(repository)"\#(more)}],
     "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}
    """#
  }

  private let zeros = String(repeating: "0", count: 40)
  private let one = String(repeating: "1", count: 40)
  private let two = String(repeating: "2", count: 40)

  private func tell(
    _ server: Server, _ updates: [(String, String, String)], of repositories: [String] = ["/srv/git/library.git"]
  ) async throws -> Answer {
    let push = LocalPush(
      repositories: repositories, updates: updates.map { .init(ref: $0.0, before: $0.1, after: $0.2) })
    return try await server.send("POST", "/api/v1/pushes", bytes: try JSONBytes.encode(push))
  }

  @Test(
    "Jobs that know the repository by its path, a file URL or a clone URL are built, each at the commit that was pushed"
  )
  func names() async throws {
    try await Place.with { place in
      try await place.define("path", job("path", "/srv/git/library"))
      try await place.define("file", job("file", "file:///srv/git/library.git", #", "branches": ["main"]"#))
      try await place.define("clone", job("clone", "git@git.example.org:library.git"))
      try await place.define("other", job("other", "/srv/git/Library"))
      let names = ["/srv/git/library.git", "git@git.example.org:library.git"]
      let answer = try await tell(place.server, [("refs/heads/main", zeros, one)], of: names)
      #expect(answer.status == 200)
      let views = try answer.json([PushView].self)
      #expect(views.count == 1 && Set(views[0].started.map(\.job.rawValue)) == ["path", "file", "clone"])
      for (name, repository) in [("file", "file:///srv/git/library.git"), ("clone", "git@git.example.org:library.git")]
      {
        let cause = try await place.repository.build(BuildID(job: try JobName(name), number: 1)).cause
        #expect(cause.event == "push" && cause.commit == one && cause.ref == "refs/heads/main")
        #expect(cause.repository == repository, "so that its checkout has the commit that was pushed")
      }
    }
  }

  @Test("Only what waits for a changed file is built, where a push says what changed; what it says is checked")
  func changedFiles() async throws {
    try await Place.with { place in
      try await place.define("library", job("library", "/srv/git/library.git", #", "paths": ["src/**"]"#))
      let many = (0...LocalPush.Update.mostChanged).map { "src/\($0)" }
      let rows: [([String]?, Int, String?)] = [
        (["docs/a"], 0, "no job waits"), (["docs/a", "src/b"], 1, nil), (nil, 1, nil), ([], 0, "no job waits"),
        (many, 0, "more than 500"), (["src/a\n"], 0, "a name that is none"), ([""], 0, "a name that is none"),
        ([String(repeating: "a", count: 4_097)], 0, "a name that is none"),
      ]
      for (index, (changed, started, reason)) in rows.enumerated() {
        let after = String(repeating: String(index + 1), count: 40)
        let push = LocalPush(
          repositories: ["/srv/git/library.git"],
          updates: [.init(ref: "refs/heads/main", before: one, after: after, changed: changed)])
        let answer = try await place.server.send("POST", "/api/v1/pushes", bytes: try JSONBytes.encode(push))
        let view = try #require(try answer.json([PushView].self).first)
        #expect(view.started.count == started, "\(index)")
        if let reason { #expect(view.reason?.contains(reason) == true, "\(view)") }
      }
    }
  }

  @Test("The same push twice starts nothing twice; deleted refs, notes and strange names start nothing")
  func onceAndNothing() async throws {
    try await Place.with { place in
      let library = try await place.define(
        "library", job("library", "/srv/git/library", #", "tags": ["v*"], "branches": ["**"]"#))
      for isRepeat in [false, true] {
        let views = try await tell(place.server, [("refs/heads/a", one, two), ("refs/tags/v1", zeros, two)])
          .json([PushView].self)
        #expect(views.map(\.repeat) == [isRepeat, isRepeat])
        #expect(views.map { $0.started.map(\.build) } == [[1], [2]])
      }
      let views = try await tell(
        place.server,
        [
          ("refs/heads/a", two, zeros), ("refs/notes/x", zeros, one), ("refs/heads/a..b", zeros, one),
          ("refs/heads/\u{1b}[31m", zeros, one), ("refs/heads/b", "x", one), ("refs/heads/b", zeros, one),
        ]
      ).json([PushView].self)
      #expect(views.map(\.started.count) == [0, 0, 0, 0, 0, 1])
      #expect(views.dropLast().allSatisfy { $0.reason != nil })
      #expect(try await place.builds(of: library).count == 3)
    }
  }

  @Test(arguments: [
    ("", 400), ("{}", 400), (#"{"repositories": [], "updates": []}"#, 400),
    (#"{"repositories": ["/a"], "updates": [], "reff": 1}"#, 422), (#"{"repositories": ["/a"], "updates": []}"#, 200),
  ]) func bodies(body: String, status: Int) async throws {
    try await Place.with { place in
      let answer = try await place.server.send("POST", "/api/v1/pushes", body: body)
      #expect(answer.status == status)
    }
  }
}
