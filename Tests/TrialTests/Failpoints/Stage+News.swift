import Foundation
import Model
import Testing

/// What comes from outside, and what follows from several builds together.
extension Stage {
  /// Jobs that start a third one together, one that reads job files, and what it reads.
  static func defineReaders(on site: Site, _ repository: LocalRepository) async throws {
    for job in ["left", "right"] {
      let then = #""then": [{ "job": "both", "all": ["left", "right"] }]"#
      let trigger = #""triggers": [{ "on": "push", "repository": "octo/joined" }]"#
      try await site.defineJob(job, script: "true", job: "\(trigger), \(then)")
    }
    try await site.defineJob("both", script: "true")
    try FileManager.default.createDirectory(atPath: repository.path + "/.distci", withIntermediateDirectories: true)
    let kept = #"{ "job": "kept", "tasks": [{ "name": "work", "type": "execute-shell", "script": "true" }] }"#
    try await repository.commit([".distci/kept.json": kept])
    try await site.defineJob(
      file: #"""
        { "job": "reader", "tasks": [{ "name": "read", "type": "git-checkout", "repository": "\#(repository.url)",
          "jobFiles": { "jobs": ["kept"] } }] }
        """#)
  }

  func news() async throws {
    try await joining()
    #expect(try await site.end(of: try await site.start("reader")).verdict == .succeeded)
    try await proposing()
    try await looking()
  }

  /// Two builds of a commit end, and start a third one, once.
  private func joining() async throws {
    let pushed = try await push(to: "octo/joined")
    #expect(pushed.map(\.job.rawValue).sorted() == ["left", "right"])
    for build in pushed { #expect(try await site.end(of: build).verdict == .succeeded) }
    var followers: Set<BuildID> = []
    for build in pushed {
      let started = try await site.view(of: build).startedBuilds.map(\.id)
      #expect(started.count == 1, "\(build) started \(started)")
      followers.formUnion(started)
    }
    #expect(followers.count == 1, "\(followers)")
    for build in followers { #expect(try await site.end(of: build).verdict == .succeeded) }
  }

  /// Somebody's pull request waits, is approved and closed. Each time it is another repository's.
  private func proposing() async throws {
    let (repository, commit) = ("octo/\(UUID().uuidString.lowercased())", Self.commit())
    let trigger = #"{ "on": "pull-request", "repository": "\#(repository)", "forks": "approve" }"#
    try await site.defineJob("proposed", script: "true", job: #""triggers": [\#(trigger)]"#)
    func tell(_ action: String, at seconds: Int) async throws {
      let hook = Webhook(
        pullRequest: action, of: "eve/library", commit, base: Self.commit(), to: repository,
        at: seconds)
      let answer = try await site.answer("POST", "/webhooks/github", body: hook.body, headers: hook.headers())
      #expect((200..<300).contains(answer.status), "\(answer.status)")
    }
    try await tell("opened", at: 0)
    let approval = Data(#"{"commit": "\#(commit)", "by": "the trial"}"#.utf8)
    let answer = try await site.answer("POST", "/api/v1/pull-requests/\(repository)/7/approve", body: approval)
    let build = try #require(try answer.json(Webhook.Answer.self).started.first).id
    site.acknowledge(build)
    #expect(try await site.end(of: build).verdict == .succeeded)
    try await tell("closed", at: 1)
  }

  /// A job gets a schedule and something to look at, which is looked at.
  private func looking() async throws {
    let branch = UUID().uuidString.lowercased()
    let poll = #"{ "on": "poll", "repository": "\#(repository.url)", "branches": ["main", "\#(branch)"] }"#
    let schedule = #"{ "on": "schedule", "cron": "\#(Int.random(in: 0..<60)) 0 1 1 *" }"#
    try await site.defineJob("watching", script: "true", job: #""triggers": [\#(poll), \#(schedule)]"#)
    let site = site
    try await eventually("somebody looks at the repository") {
      let view = try await site.answer("GET", "/api/v1/jobs/watching").json(JobView.self)
      return view.polls?.first.map { $0.branches.contains(branch) && $0.looked != nil } ?? false
    }
  }

  /// Tells twice of the same push of a new commit.
  ///
  /// - Returns: the builds that it started.
  func push(to name: String) async throws -> [BuildID] {
    let hook = Webhook(push: Self.commit(), to: name, delivery: UUID().uuidString)
    var answers: [Set<BuildID>] = []
    for _ in 0..<2 {
      let answer = try await site.answer("POST", "/webhooks/github", body: hook.body, headers: hook.headers())
      answers.append(Set(try answer.json(Webhook.Answer.self).started.map(\.id)))
    }
    #expect(answers[0] == answers[1] && !answers[0].isEmpty)
    for build in answers[0] { site.acknowledge(build) }
    return answers[0].sorted()
  }

  private static func commit() -> String { String((0..<40).compactMap { _ in "0123456789abcdef".randomElement() }) }
}
