import Foundation
import FoundationNetworking
import Model
import TestStores
import Testing

@Suite("Webhooks", .serialized, .timeLimit(.minutes(2)))
struct WebhookTrials {
  @Test("F11: a delivery that arrives again and again, at two frontends, starts one build", arguments: StorePair.all)
  func duplicates(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let (first, firstURL) = try await site.frontend()
      let (_, secondURL) = try await site.frontend()
      try await site.worker(.buildControl, .executeShell)
      let trigger = #"{ "on": "push", "repository": "octo/library", "branches": ["main"] }"#
      try await site.defineJob("foo", script: "true", job: #""triggers": [\#(trigger)]"#)
      let hook = Webhook(push: String(repeating: "a1", count: 20), to: "octo/library", delivery: "one")
      let started = try await withThrowingTaskGroup(of: [BuildReference].self) { group in
        for number in 0..<20 {
          group.addTask { try await send(hook, to: number.isMultiple(of: 2) ? firstURL : secondURL) }
        }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      let build = try #require(started.first?.first).id
      #expect(started.count == 20 && started.allSatisfy { $0.map(\.id) == [build] })
      site.acknowledge(build)
      try await first.kill()
      #expect(try await send(hook, to: secondURL).map(\.id) == [build])
      let again = try await site.frontend(port: try #require(URL(string: firstURL)?.port)).url
      #expect(try await send(hook, to: again).map(\.id) == [build])
      // Another hook tells of the same push.
      let same = Webhook(push: String(repeating: "a1", count: 20), to: "octo/library", delivery: "two")
      #expect(try await send(same, to: again).map(\.id) == [build])
      #expect(try await site.end(of: build).verdict == .succeeded)
    }
  }

  @Test("X16: a delivery with a wrong signature is refused, and starts nothing", arguments: StorePair.all)
  func wrongSignature(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let (_, url) = try await site.frontend()
      try await site.defineJob(
        "foo", script: "true", job: #""triggers": [{ "on": "push", "repository": "octo/library" }]"#)
      let hook = Webhook(push: String(repeating: "b2", count: 20), to: "octo/library", delivery: "one")
      let right = hook.headers()
      var truncated = right
      truncated["X-Hub-Signature-256"]?.removeLast(2)
      var missing = right
      missing["X-Hub-Signature-256"] = nil
      for headers in [hook.headers(secret: "another"), truncated, missing] {
        #expect(try await API.send("POST", url + "/webhooks/github", body: hook.body, headers: headers).status == 401)
      }
      let forged = hook.body + Data(" ".utf8)
      #expect(try await API.send("POST", url + "/webhooks/github", body: forged, headers: right).status == 401)
      #expect(try await API.send("GET", url + "/api/v1/jobs/foo/builds").json([BuildSummary].self).isEmpty)
    }
  }

  private func send(_ hook: Webhook, to url: String) async throws -> [BuildReference] {
    try await API.send("POST", url + "/webhooks/github", body: hook.body, headers: hook.headers())
      .json(Webhook.Answer.self).started
  }
}
