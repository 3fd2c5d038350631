import Crypto
import Foundation
import Frontend
import Model
import SharedRepository
import Synchronization
import Testing

@Suite struct WebhookTests {
  private static let job = #"""
    {"job": "library", "triggers": [{"on": "push", "repository": "octo/library", "branches": ["main", "release/**"],
      "paths": ["src/**"]}], "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}
    """#

  @Test func theForgesOwnExampleIsAccepted() async throws {
    try await Place.with { place in
      let signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"
      let answer = try await place.server.send(
        "POST", "/webhooks/github", ["X-Hub-Signature-256": signature, "X-GitHub-Event": "ping"], body: "Hello, World!")
      #expect(answer.status == 200)
    }
  }

  /// What is not the very signature of the very bytes under one of the secrets starts nothing.
  @Test(arguments: Forgery.allCases)
  func forgeriesAreRefused(forgery: Forgery) async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job)
      let (body, headers) = forgery.request(of: Push().json)
      let answer = try await place.server.send("POST", "/webhooks/github", headers, body: body)
      #expect(answer.status == 401)
      #expect(try answer.json(ErrorView.self).code == "wrong-signature")
      #expect(!answer.text.contains(FrontendConfiguration.secret))
      let builds = try await place.builds(of: job)
      #expect(builds.isEmpty)
    }
  }

  @Test func eitherOfTwoSecretsSigns() async throws {
    let configuration = FrontendConfiguration(port: 0, webhookSecrets: ["old", "new"])
    try await Place.with(configuration) { place in
      for (secret, status) in [("old", 202), ("new", 202), ("", 401), ("other", 401)] {
        let answer = try await place.server.deliver(Push().json, secret: secret)
        #expect(answer.status == status)
      }
    }
  }

  @Test func withoutASecretNothingIsTaken() async throws {
    try await Place.with(FrontendConfiguration(port: 0, webhookSecrets: [""])) { place in
      let answer = try await place.server.deliver(Push().json, secret: "")
      #expect(answer.status == 503)
      #expect(try answer.json(ErrorView.self).remedy.contains("DISTCI_GITHUB_WEBHOOK_SECRET"))
    }
  }

  @Test func aPushStartsTheJobsThatWaitForIt() async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job)
      try await place.define("other", Self.job(name: "other", trigger: #""repository": "octo/other""#))
      let answer = try await place.server.deliver(Push().json)
      #expect(answer.status == 200)
      #expect(try answer.json(Taken.self) == Taken(started: [.init(job: "library", build: 1)], repeat: false))
      let cause = try await place.repository.build(BuildID(job: job, number: 1)).cause
      #expect(cause.event == "push" && cause.ref == "refs/heads/main" && cause.commit == Push().after)
    }
  }

  /// Which pushes start the job above.
  @Test(arguments: [
    (Push(), true), (Push(ref: "refs/heads/release/1/2"), true), (Push(ref: "refs/heads/topic"), false),
    (Push(ref: "refs/tags/main"), false), (Push(ref: "refs/notes/main"), false), (Push(deleted: true), false),
    (Push(changed: ["docs/index.md"]), false), (Push(changed: ["docs/index.md", "src/a/b.c"]), true),
    (Push(changed: ["docs/index.md"], forced: true), true), (Push(changed: []), true),
    (Push(repository: "octo/other"), false), (Push(repository: "Octo/Library"), true),
  ])
  func branchesAndPathsDecide(push: Push, starts: Bool) async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job)
      let answer = try await place.server.deliver(push.json)
      #expect(answer.status == (starts ? 200 : 202))
      let builds = try await place.builds(of: job)
      #expect(builds.count == (starts ? 1 : 0))
    }
  }

  @Test(arguments: [
    (#""repository": "https://git.example.org/octo/library.git""#, "refs/heads/any", true),
    (#""repository": "octo/library""#, "refs/heads/any", true),
    (#""repository": "octo/library""#, "refs/tags/v1", false),
    (#""repository": "octo/library", "tags": ["v*"]"#, "refs/tags/v1", true),
    (#""repository": "octo/library", "tags": ["v*"]"#, "refs/heads/v1", false),
    (#""repository": "octo/library", "branches": ["main"]"#, "refs/tags/v1", false),
  ])
  func addressesBranchesAndTags(trigger: String, ref: String, starts: Bool) async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job(name: "library", trigger: trigger))
      let answer = try await place.server.deliver(Push(ref: ref).json)
      #expect(answer.status == (starts ? 200 : 202))
      let builds = try await place.builds(of: job)
      #expect(builds.count == (starts ? 1 : 0))
    }
  }

  @Test func aDeliveryIsTakenOnceWhateverCarriesIt() async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job)
      let other = RepositoryConnection(store: place.store, objects: place.objects) {
        Timestamp(milliseconds: Int64(Date().timeIntervalSince1970 * 1_000))
      }
      try await Place.withSession(other) {
        try await Place.serving(other) { second in
          // The same delivery at two frontends at once, and again through a second hook, which has another number.
          let answers = try await withThrowingTaskGroup(of: Answer.self) { group in
            for index in 0..<8 {
              group.addTask {
                let server = index.isMultiple(of: 2) ? place.server : second
                return try await server.deliver(Push().json, delivery: index < 6 ? "one" : "two")
              }
            }
            return try await group.reduce(into: [Answer]()) { $0.append($1) }
          }
          #expect(answers.allSatisfy { $0.status == 200 })
          let taken = try answers.map { try $0.json(Taken.self) }
          #expect(taken.filter { !$0.repeat }.count == 1)
          #expect(taken.allSatisfy { $0.started == [.init(job: "library", build: 1)] })
          let builds = try await place.builds(of: job)
          #expect(builds.count == 1)
        }
      }
    }
  }

  /// A branch that is pushed back and forth is at the same commits again: that is no repetition, except right away.
  @Test func theSameChangeLaterIsAnotherPush() async throws {
    try await Place.with { place in
      let minute = Mutex<Int64>(1_000)
      let connection = RepositoryConnection(store: place.store, objects: place.objects) {
        Timestamp(milliseconds: minute.withLock { $0 } * 60_000)
      }
      try await Place.withSession(connection) {
        try await Place.serving(connection) { server in
          try await place.define("library", Self.job)
          let there = Push(before: String(repeating: "a", count: 40), after: String(repeating: "b", count: 40))
          let back = Push(before: there.after, after: there.before, forced: true)
          for (now, push, delivery, build, isRepeat) in [
            (1_000, there, "1", 1, false), (1_009, there, "2", 1, true), (1_009, back, "3", 2, false),
            (1_010, there, "4", 3, false), (1_011, there, "5", 3, true), (1_500, there, "1", 1, true),
          ] {
            minute.withLock { $0 = Int64(now) }
            let taken = try await server.deliver(push.json, delivery: delivery).json(Taken.self)
            #expect(taken == Taken(started: [.init(job: "library", build: build)], repeat: isRepeat), "\(now)")
          }
        }
      }
    }
  }

  @Test func aJobThatCannotBeBuiltKeepsNoOtherFromIt() async throws {
    try await Place.with { place in
      try await place.define("library", Self.job)
      try await place.define(
        "needy", Self.job(name: "needy", trigger: #""repository": "octo/library""#, parameter: true))
      let answer = try await place.server.deliver(Push().json)
      #expect(answer.status == 200)
      #expect(try answer.json(Taken.self).started == [.init(job: "library", build: 1)])
      #expect(answer.text.contains("needy"))
    }
  }

  @Test func aFormIsSignedAsItIsEncoded() async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job)
      let payload = try #require(Push().json.addingPercentEncoding(withAllowedCharacters: .alphanumerics))
      let answer = try await place.server.deliver("payload=\(payload)", type: "application/x-www-form-urlencoded")
      #expect(answer.status == 200)
      let builds = try await place.builds(of: job)
      #expect(builds.count == 1)
    }
  }

  @Test(arguments: [
    ("issues", "{}", 202), ("push", "{}", 400), ("push", "[", 400),
    ("push", String(repeating: "[", count: 100_000), 400),
    ("push", Push(ref: "main").json, 422), ("push", Push(ref: "refs/heads/main\0").json, 422),
    ("push", Push(ref: "refs/heads/ma\nin").json, 422), ("push", Push(ref: "refs/heads/main..topic").json, 422),
    ("push", Push(repository: "octo/lib\0rary").json, 422),
    ("push", Push(ref: "refs/heads/ma in").json, 422),
    ("push", Push(ref: "refs/heads/").json, 422),
    ("push", Push(after: "x").json, 422),
    ("push", Push(repository: String(repeating: "a", count: 400)).json, 422),
  ])
  func whatIsNoPushStartsNothing(event: String, body: String, status: Int) async throws {
    try await Place.with { place in
      let job = try await place.define("library", Self.job)
      let answer = try await place.server.deliver(body, event: event)
      #expect(answer.status == status)
      let builds = try await place.builds(of: job)
      #expect(builds.isEmpty)
    }
  }

  @Test func tooLargeABodyIsRefused() async throws {
    var configuration = FrontendConfiguration.test
    configuration.limits.webhook = 1_000
    try await Place.with(configuration) { place in
      let body = String(repeating: "x", count: 1_001)
      let announced = try await place.server.deliver(body)
      #expect(announced.status == 413)
      let chunked =
        "POST /webhooks/github HTTP/1.1\r\nHost: localhost\r\nX-Hub-Signature-256: \(Self.anySignature)\r\nConnection: close\r\n"
        + "Transfer-Encoding: chunked\r\n\r\n3e9\r\n\(body)\r\n0\r\n\r\n"
      let unannounced = try await place.server.sendRaw(Array(chunked.utf8))
      #expect(unannounced.status == 413)
    }
  }

  private static let anySignature = "sha256=" + String(repeating: "0", count: 64)

  private static func job(name: String, trigger: String, parameter: Bool = false) -> String {
    let parameters = parameter ? #""parameters": [{"name": "must", "type": "string"}],"# : ""
    return #"""
      {"job": "\#(name)", \#(parameters) "triggers": [{"on": "push", \#(trigger)}],
       "tasks": [{"name": "test", "type": "execute-shell", "script": "true"}]}
      """#
  }
}
