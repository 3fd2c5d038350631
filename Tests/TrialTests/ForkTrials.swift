import Foundation
import Model
import TestStores
import Testing

@Suite("Pull requests from forks", .serialized, .timeLimit(.minutes(3)))
struct ForkTrials {
  private static let name = "octo/library"

  @Test(
    "X20: a fork that edits the job, says it is somebody else, moves on once approved and leaves poison behind reaches nothing",
    arguments: StorePair.all)
  func fork(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      let workers = try await site.everything()
      let forge = try await Forge(site)
      try await define(site, forge)
      _ = try await ends(
        of: try await push(["greeting": "own\n", ".distci/library.json": file("own", forge)], forge), site)

      // He edits the job, and says that he is the owner. What reads the job files reads the base's.
      let first = try await forge.propose(["greeting": "poison\n", ".distci/library.json": file("evil one", forge)])
      let opened = try await tell("opened", first, forge, at: 0)
      #expect(opened.map(\.job.rawValue) == ["files"])
      let (unread, none) = try await ends(of: opened, site)
      #expect(unread.cause.pullRequest?.fork == true && unread.cause.pullRequest?.approvedBy == nil && none.isEmpty)
      #expect(try await logs(site).count == 1)

      // Somebody approves the commit, and before anything of it runs the head is another one.
      try await workers[.gitCheckout]?.kill()
      let approved = try await approve(first, site)
      #expect(approved.status == 201)
      let second = try await forge.propose(["greeting": "poison\n", ".distci/library.json": file("evil two", forge)])
      let moved = try await tell("synchronize", second, forge, at: 1)
      #expect(try await approve(first, site).status == 409)
      try await site.worker(.gitCheckout)
      let (read, builds) = try await ends(of: try approved.json(Webhook.Answer.self).started, site)
      #expect(read.cause.pullRequest?.approvedBy == "ann" && read.cause.commit == first && builds.count == 1)
      #expect(try await ends(of: moved, site).builds.isEmpty)
      let evil = try await site.log(of: try #require(builds.first), task: "work")
      #expect(evil.contains("evil one\n") && evil.contains("DISTCI_COMMIT=\(first)"))
      for text in try await logs(site) {
        #expect(!text.contains("evil two"), "nobody approved it: \(text)")
        // What the workers are started with stays theirs.
        #expect(!text.contains(Webhook.secret) && !text.contains("DISTCI_GITHUB_WEBHOOK_SECRET"), "\(text)")
      }

      // What it left behind is found by nobody who builds the repository's own.
      let (_, own) = try await ends(of: try await push(["more": "more\n"], forge), site)
      let later = try await site.log(of: try #require(own.first), task: "work")
      #expect(later.contains("own\n") && !later.contains("poison") && !later.contains("evil"), "\(later)")
      let copy = try await site.start("copy")
      #expect(try await site.end(of: copy).verdict == .succeeded)
      #expect(try await site.log(of: copy, task: "work") == "own\n")
      let tests = try await site.answer("GET", "/api/v1/jobs/library/tests")
      let text = String(decoding: tests.body, as: UTF8.self)
      #expect(tests.status == 200 && text.contains("own") && !text.contains("evil"), "\(text)")
    }
  }

  private func define(_ site: Site, _ forge: Forge) async throws {
    let triggers =
      #"{ "on": "push", "repository": "\#(Self.name)" }, "#
      + #"{ "on": "pull-request", "repository": "\#(Self.name)", "forks": "build" }"#
    try await site.defineJob(
      file: #"""
        { "job": "files", "triggers": [\#(triggers)],
          "tasks": [{ "name": "read", "type": "git-checkout", "repository": "\#(forge.url)",
            "jobFiles": { "jobs": ["library"] } }] }
        """#)
    try await site.defineJob(
      file: #"""
        { "job": "copy", "tasks": [
          { "name": "get", "type": "copy-artifacts", "from": { "job": "library" }, "files": ["greeting"] },
          { "name": "work", "type": "execute-shell", "script": "cat greeting" } ] }
        """#)
  }

  /// A job that says what it finds, and leaves things wherever it may write.
  private func file(_ who: String, _ forge: Forge) -> String {
    let test = "<testsuite><testcase classname='\(who)' name='runs' time='1'/></testsuite>"
    let script = """
      echo '\(who)'; env; tr '\\0' '\\n' </proc/self/environ; cat greeting; ls -A . $HOME $TMPDIR
      case '\(who)' in own) ;; *) for d in . $HOME $TMPDIR; do touch $d/poison; done;; esac
      git update-ref refs/heads/poison HEAD || true; echo "\(test)" >report.xml
      """
    let text = String(decoding: (try? JSONEncoder().encode(script)) ?? Data(), as: UTF8.self)
    return #"""
      { "job": "library",
        "triggers": [{ "on": "push", "repository": "\#(Self.name)" },
          { "on": "pull-request", "repository": "\#(Self.name)", "forks": "approve" }],
        "tasks": [
          { "name": "source", "type": "git-checkout", "repository": "\#(forge.url)" },
          { "name": "work", "type": "execute-shell", "script": \#(text), "reports": ["report.xml"] },
          { "name": "publish", "type": "publish-artifacts", "files": ["greeting"] } ] }
      """#
  }

  private func push(_ files: [String: String], _ forge: Forge) async throws -> [BuildReference] {
    let commit = try await forge.push(files)
    return try await send(Webhook(push: commit, to: Self.name, delivery: commit), forge)
  }

  private func tell(_ action: String, _ commit: String, _ forge: Forge, at seconds: Int) async throws
    -> [BuildReference]
  {
    try await send(
      Webhook(
        pullRequest: action, of: "eve/library", commit, base: try await forge.main, to: Self.name, at: seconds), forge)
  }

  private func send(_ hook: Webhook, _ forge: Forge) async throws -> [BuildReference] {
    let answer = try await forge.site.answer("POST", "/webhooks/github", body: hook.body, headers: hook.headers())
    return try answer.json(Webhook.Answer.self).started
  }

  private func approve(_ commit: String, _ site: Site) async throws -> API.Answer {
    let body = Data(#"{"commit": "\#(commit)", "by": "ann"}"#.utf8)
    return try await site.answer("POST", "/api/v1/pull-requests/\(Self.name)/7/approve", body: body)
  }

  /// Waits for the build that reads the files, and for those that it starts.
  private func ends(of started: [BuildReference], _ site: Site) async throws -> (reading: BuildView, builds: [BuildID])
  {
    let reading = try await site.end(of: try #require(started.first).id)
    let builds = reading.startedBuilds.map(\.id)
    for build in builds { #expect(try await site.end(of: build).verdict == .succeeded) }
    return (reading, builds)
  }

  /// What the builds of the library wrote.
  private func logs(_ site: Site) async throws -> [String] {
    var logs: [String] = []
    for build in try await site.answer("GET", "/api/v1/jobs/library/builds").json([BuildSummary].self) {
      logs.append(try await site.log(of: BuildID(job: build.job, number: build.build), task: "work"))
    }
    return logs
  }
}

/// The forge's side: a repository, what its owner pushes, and what somebody else proposes in his name.
private struct Forge {
  let site: Site
  private let work: LocalRepository
  private let central: String

  var url: String { "file://\(central)" }

  init(_ site: Site) async throws {
    self.site = site
    // As the forge calls it.
    central = site.folder.path + "/octo/library.git"
    work = try await LocalRepository(site.folder.path + "/work", files: ["README": "A library.\n"])
    try FileManager.default.createDirectory(atPath: work.path + "/.distci", withIntermediateDirectories: true)
    try await git("clone", "--quiet", "--bare", work.path, central)
  }

  /// The commit of the main branch.
  var main: String { get async throws { try await work.commit(at: "main") } }

  /// - Returns: the commit.
  func push(_ files: [String: String]) async throws -> String {
    try await git("checkout", "--quiet", "main")
    try await work.commit(files)
    try await git("push", "--quiet", central, "main")
    return try await main
  }

  /// Makes the head of pull request 7 a commit on the main branch, whichever it was before; its author is the owner, as it says.
  func propose(_ files: [String: String]) async throws -> String {
    try await git("checkout", "--quiet", "-B", "fork", "main")
    try await work.commit(files)
    try await git("push", "--quiet", "--force", central, "HEAD:refs/pull/7/head")
    return try await work.commit(at: "fork")
  }

  private func git(_ arguments: String...) async throws {
    let variables = ["PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": work.path]
    let process = try ChildProcess(
      ["/usr/bin/git", "-C", work.path] + arguments, environment: variables, output: "/dev/null", errors: "/dev/null")
    try await eventually("git ends") { !process.isRunning }
    try #require(process.end == .exited(0))
  }
}
