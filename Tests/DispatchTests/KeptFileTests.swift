import Coordination
import Foundation
import Model
import SharedRepository
import TestStores
import Testing
import Workers

/// Job files that are kept in the repository that they build.
@Suite(.timeLimit(.minutes(4)))
struct KeptFileTests {
  @Test(
    "A push is built by the files of its very commit; those of the default branch are what the jobs are",
    arguments: StorePair.all)
  func story(_ pair: StorePair) async throws {
    try await PushedRepository.story(
      pair,
      perform: { assignment, _ in
        guard case .executeShell(let work) = assignment.task.work, case .script(let script) = work.command else {
          return Performance(.errored)
        }
        return Performance(script == "true" ? .succeeded : .failed)
      }
    ) { workshop, repository in
      // A branch that nobody has merged brings a job that is not there yet.
      let topic = try await repository.push([".distci/library.json": repository.file("library")], to: "topic")
      let (reading, built) = try await workshop.ends(of: topic)
      #expect(reading.verdict == .succeeded && built.map(\.job.rawValue) == ["library"], "\(reading)")
      let first = try #require(built.first)
      #expect(first.verdict == .succeeded && first.build == 1 && first.cause.event == "push")
      #expect(
        first.cause.ref == "refs/heads/topic" && first.cause.build?.id == BuildID(job: reading.job, number: 1))
      let head = try repository.git("rev-parse HEAD")
      #expect(try await workshop.commit(of: BuildID(job: first.job, number: 1)) == head)
      let library = try JobName("library")
      var view = try await workshop.observer.jobView(library)
      #expect(view.kept?.isDefined == false && view.kept?.file == ".distci/library.json" && view.latest?.build == 1)
      await #expect(throws: RepositoryError.self) { try await workshop.start("library") }

      // The same on the default branch, and another one, each with its own text.
      let files = [
        ".distci/library.json": repository.file("library"),
        ".distci/check.json": repository.file("library-check", branches: "main"),
      ]
      let (_, both) = try await workshop.ends(of: try await repository.push(files))
      #expect(both.map { "\($0.job)/\($0.build)" } == ["library-check/1", "library/2"])
      view = try await workshop.observer.jobView(library)
      #expect(view.kept?.isDefined == true && view.kept?.branch == "main")
      #expect(try await workshop.end(of: try await workshop.start("library")).verdict == .succeeded)

      // What a branch changes holds for the branch alone.
      let changed = [".distci/library.json": repository.file("library", script: "false")]
      let (_, broken) = try await workshop.ends(of: try await repository.push(changed, to: "topic"))
      #expect(broken.map(\.verdict) == [.failed])
      #expect(try await workshop.end(of: try await workshop.start("library")).verdict == .succeeded)

      // A file that goes from the default branch takes its definition along, and not its builds.
      try repository.git("rm -q .distci/check.json")
      let (_, rest) = try await workshop.ends(of: try await repository.push([:]))
      #expect(rest.map(\.job.rawValue) == ["library"])
      let check = try await workshop.observer.jobView(try JobName("library-check"))
      #expect(check.kept?.isDefined == false && check.latest?.build == 1)
    }
  }

  @Test(
    "A file reaches no job of somebody else by its name, a branch's build is nobody's latest, and what is revoked ends",
    arguments: StorePair.all)
  func reach(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      try await workshop.defineJob("library-deploy")
      let library = try JobName("library")
      let then = #""then": [{ "job": "library-deploy" }]"#
      let reaching = [".distci/library.json": repository.file("library", then)]
      let (reading, none) = try await workshop.ends(of: try await repository.push(reaching, to: "topic"))
      #expect(none.isEmpty && reading.notes.contains { $0.contains("library was not started") }, "\(reading.notes)")

      let plain = [".distci/library.json": repository.file("library")]
      let (_, aside) = try await workshop.ends(of: try await repository.push(plain, to: "topic"))
      #expect(aside.map(\.verdict) == [.succeeded])
      #expect(try await workshop.observer.latestBuild(of: library, succeeded: true) == nil)
      let (_, own) = try await workshop.ends(of: try await repository.push(plain))
      let latest = try await workshop.observer.latestBuild(of: library, succeeded: true)
      #expect(latest?.record.request.build.number == own.first?.build && own.count == 1)

      try await repository.allow(#""jobs": ["other"]"#)
      // Whoever starts it, whether alone, with others, or after a look at whether it could be started.
      let request = StartRequest(job: library)
      let ways: [@Sendable () async throws -> Void] = [
        { _ = try await workshop.observer.start(request) },
        { _ = try await workshop.observer.start([request], delivery: nil) },
        { try await workshop.observer.check(request) },
        { _ = try await workshop.observer.retry(BuildID(job: library, number: 1), .all, by: "ada") },
      ]
      for way in ways {
        let error = await #expect(throws: RepositoryError.self) { try await way() }
        #expect(error?.code == .conflict && error?.message.contains("may not be built any more") ?? false)
      }
    }
  }

  @Test(
    "A bad file fails the build that reads it, with all that is wrong and where; nothing is started",
    arguments: StorePair.all)
  func badFiles(_ pair: StorePair) async throws {
    let bounds = #""jobs": ["library"], "labels": ["linux"]"#
    try await PushedRepository.story(pair, allowing: bounds) { workshop, repository in
      try await workshop.defineJob("outside")
      let file = """
        { "job": "outside", "priority": 9, "triggers": [{ "on": "poll", "repository": "\(repository.url)" }],
          "tasks": [
            { "name": "a", "type": "git-checkout", "repository": "https://git.example.org/secret.git" },
            { "name": "b", "type": "execute-shell", "script": "x", "labels": ["production"], "deploy": true },
            { "name": "c", "type": "git-promote", "repository": "\(repository.url)", "ref": "main" } ],
          "then": [{ "job": "outside" }] }
        """
      let answer = try await repository.push([
        ".distci/bad.json": file, ".distci/worse.json": "{", ".distci/library.json": repository.file("library"),
      ])
      #expect(answer.map(\.job.rawValue) == ["files"])
      let (reading, builds) = try await workshop.ends(of: answer)
      #expect(reading.verdict == .failed && builds.isEmpty)
      let log = try await workshop.log(of: BuildID(job: reading.job, number: 1))
      for piece in [
        ".distci/bad.json:1:10: files of this repository may not define a job called outside (at job)",
        ".distci/bad.json:1:", "the priority 9 is higher", "does not look at repositories",
        ".distci/bad.json:3:", "may not use the repository \"https://git.example.org/secret.git\"",
        ".distci/bad.json:4:", "may not ask for the label production", "may not deploy", "may not move refs",
        "may not start the job outside", ".distci/worse.json:1:",
      ] { #expect(log.contains(piece), "\(piece) in \(log)") }
      #expect(reading.tasks[0].reason?.contains(".distci/bad.json:1:") ?? false)
      await #expect(throws: RepositoryError.self) { try await workshop.observer.jobView(try JobName("library")) }
    }
  }

  @Test(
    "A hostile repository gets nowhere: links, huge blobs, too many files, deep texts, strange names",
    arguments: StorePair.all)
  func hostile(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      let attacks: [(script: String, words: String)] = [
        ("ln -s /etc/passwd .distci/x.json", "a job file is a regular file, and no link"),
        ("rmdir .distci; ln -s /etc .distci; cp /dev/null passwd.json", "nothing is started"),
        ("truncate -s 256M .distci/x.json", "the file has 268435456 bytes; 262144 are the most"),
        (
          "seq -f \".distci/$(printf '%0240d')%g\" 15000 | xargs touch",
          "there are too many files beside the job files; name a folder of their own"
        ),
        ("for n in $(seq 10000); do echo {} >.distci/$n.json; done", "10000 job files are in the commit"),
        ("head -c 200000 /dev/zero | tr '\\0' '[' >.distci/x.json", ".distci/x.json:1:"),
        ("printf '{}' >\"$(printf '.distci/\\033[31m\\n.json')\"", "holds a control character"),
        (
          "printf '{\"job\":\"files\",\"tasks\":[{\"name\":\"a\",\"type\":\"execute-shell\",\"script\":\"x\"}]}' >.distci/x.json",
          "may not define a job called files"
        ),
      ]
      for (number, attack) in attacks.enumerated() {
        try repository.shell(
          """
          cd work; git checkout -q --orphan attack\(number); git rm -rqf --ignore-unmatch .; rm -rf .distci
          mkdir .distci; \(attack.script); git add -A; git -c core.bigFileThreshold=1m commit -q -m attack
          """)
        let (reading, builds) = try await workshop.ends(of: try await repository.push(to: "attack\(number)"))
        let log = try await workshop.log(of: BuildID(job: reading.job, number: number + 1))
        #expect(
          log.contains(attack.words) || reading.tasks[0].reason?.contains(attack.words) ?? false,
          "\(attack): \(log)")
        #expect(reading.verdict == (number == 1 ? .succeeded : .failed) && builds.isEmpty)
        #expect(!log.contains("\u{1b}") && !log.contains("root:"))
      }
    }
  }

  @Test(
    "No name is taken over, by a file or by hand, and what is taken from a repository stays taken",
    arguments: StorePair.all)
  func names(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      try await workshop.defineJob("library")
      let files = [".distci/library.json": repository.file("library")]
      let (refused, none) = try await workshop.ends(of: try await repository.push(files))
      #expect(refused.verdict == .failed && none.isEmpty)
      #expect(refused.tasks[0].reason?.contains("'distci job delete library'") ?? false, "\(refused.tasks)")
      try await workshop.observer.deleteJob(try JobName("library"))
      let (_, builds) = try await workshop.ends(of: try await repository.push(files))
      #expect(builds.map(\.job.rawValue) == ["library"])
      let error = await #expect(throws: RepositoryError.self) { try await workshop.defineJob("library") }
      #expect(error?.code == .conflict && error?.message.contains(".distci/library.json") ?? false)

      // Another repository's reading job may name it, and does not get it.
      try await workshop.defineJob(
        file: """
          { "job": "others", "tasks": [{ "name": "read", "type": "git-checkout", "repository": "\(repository.url)",
            "jobFiles": { "jobs": ["*"] } }] }
          """)
      let other = try await workshop.end(of: try await workshop.start("others"))
      #expect(other.verdict == .failed && other.tasks[0].reason?.contains("which the job files reads") ?? false)

      // What the operator takes back, an old build that is done once more does not bring back.
      let old = BuildID(job: try JobName("files"), number: 2)
      try await repository.allow(#""jobs": ["nothing"]"#)
      let again = try await workshop.observer.retry(old, .all, by: "ada")
      let retried = try await workshop.end(of: try #require(again.builds.first))
      #expect(retried.verdict == .succeeded && retried.startedBuilds.isEmpty)
      #expect(retried.notes.contains { $0.contains("was not taken") }, "\(retried.notes)")
      let view = try await workshop.observer.jobView(try JobName("library"))
      #expect(view.kept?.isDefined == false)
    }
  }

  @Test(
    "A file whose trigger names paths is built when one of them has changed, whoever tells of the push",
    arguments: StorePair.all)
  func paths(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      let file = repository.file("library").replacing(#""branches": ["**"]"#, with: #""paths": ["docs/**"]"#)
      for (files, count) in [
        ([".distci/library.json": file], 0), (["docs/a": "1"], 1), (["src/a": "1"], 0), (["docs/a": "2"], 1),
      ] {
        let (reading, builds) = try await workshop.ends(of: try await repository.push(files))
        #expect(reading.verdict == .succeeded && builds.count == count, "\(files)")
      }
      // A build of it that is done once more has the commit of the first.
      let library = BuildID(job: try JobName("library"), number: 1)
      let again = try await workshop.observer.retry(library, .all, by: "ada")
      let retried = try await workshop.end(of: try #require(again.builds.first))
      #expect(retried.verdict == .succeeded && retried.cause.build?.id == library)
      #expect(try await workshop.commit(of: try #require(again.builds.first)) == workshop.commit(of: library))
    }
  }

  @Test(
    "A fork is built by the base's files until its very commit is approved, and never changes what the jobs are",
    arguments: StorePair.all)
  func forks(_ pair: StorePair) async throws {
    try await PushedRepository.story(pair) { workshop, repository in
      @Sendable func file(_ script: String, _ forks: String) -> String {
        let pull = #"{ "on": "pull-request", "repository": "\#(repository.url)", "forks": "\#(forks)" }"#
        return repository.file("library", script: script).replacing(
          #""triggers": ["#, with: #""triggers": [\#(pull), "#)
      }
      _ = try await workshop.ends(of: try await repository.push([".distci/library.json": file("base", "build")]))
      let base = try repository.git("rev-parse HEAD")
      let before = try await workshop.observer.jobView(try JobName("library"))
      try repository.git("checkout -q -b fork")
      let own = URL(fileURLWithPath: "\(repository.folder)/work/.distci/library.json")
      try Data(file("head", "approve").utf8).write(to: own)
      try repository.git("commit -q -a -m head")
      let head = try repository.git("rev-parse HEAD")
      try repository.git("push -q origin HEAD:refs/pull/7/head")
      for (isFork, approvedBy, script) in [(true, nil, "base"), (true, "ada", "head"), (false, nil, "head")] {
        let pull = BuildCause.PullRequest(
          repository: repository.url, number: 7, ref: "refs/pull/7/head", branch: "main", commit: head,
          base: "main", baseCommit: base, isFork: isFork, approvedBy: approvedBy)
        let reading = try await workshop.observer.start(
          StartRequest(job: try JobName("files"), cause: .pullRequest(pull)))
        let (_, builds) = try await workshop.ends(of: [BuildReference(reading)])
        let build = try #require(builds.first)
        #expect(builds.count == 1 && build.verdict == .succeeded && build.cause.event == "pull-request")
        let id = BuildID(job: build.job, number: build.build)
        #expect(try await workshop.commit(of: id) == head, "whoever's file, it is the head that is built")
        let text = try await workshop.observer.job(id.job, revision: build.revision)
        guard case .executeShell(let work) = text.tasks[1].work else { throw CancellationError() }
        #expect(work.command == .script(script), "\(isFork) \(approvedBy ?? "nobody")")
        #expect(try await workshop.commit(of: reading) == (script == "base" ? base : head))
      }
      let after = try await workshop.observer.jobView(try JobName("library"))
      #expect(after.revision == before.revision && after.kept == before.kept)
    }
  }

  @Test(
    "Sixty-four files start sixty-four builds, each once, whoever is lost while they begin",
    arguments: StorePair.all)
  func onceEach(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await PushedRepository.with(workshop) { repository in
        try await repository.allow(#""jobs": ["library-*"]"#)
        var files: [String: String] = [:]
        for number in 10..<74 {
          files[".distci/\(number).json"] = """
            { "job": "library-\(number)", "triggers": [{ "on": "push", "repository": "\(repository.url)" }],
              "tasks": [{ "name": "work", "type": "execute-shell", "script": "true" }] }
            """
        }
        let answer = try await repository.push(files)
        let reading = try #require(answer.first).id
        // Each of these dies when it has prepared the builds: before the transaction that ends the reading build.
        for _ in 0..<3 {
          let doomed = try repository.worker(controls: 2)
          try await workshop.withWorkers(doomed) {
            try await workshop.waitForChange([NodeMap.build(reading), NodeMap.jobs]) {
              if try await workshop.observer.runningBuild(reading) == nil { return true }
              return try await workshop.observer.session.children(of: NodeMap.jobs)?.count ?? 0 > 1
            }
            await doomed.kill()
          }
        }
        try await workshop.withWorkers(try repository.worker(controls: 2)) {
          let (ended, builds) = try await workshop.ends(of: answer)
          #expect(ended.verdict == .succeeded && builds.count == 64)
          for build in builds {
            #expect(build.verdict == .succeeded && build.build == 1)
            #expect(try await workshop.observer.builds(of: build.job, limit: 10).count == 1)
          }
        }
        try await workshop.expectNothingLeft()
      }
    }
  }
}
