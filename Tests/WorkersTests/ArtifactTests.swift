import Coordination
import Foundation
import Model
import ObjectStorage
import SharedRepository
import Testing
import Workers

@Suite("Artifacts")
struct ArtifactTests {
  private func publish(_ files: String, _ more: String = "") -> String {
    #"{"name": "test", "type": "publish-artifacts", "files": \#(files)\#(more)}"#
  }

  @Test("are the regular files that match, with size, digest and mode, in the order of their paths")
  func publishing() async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace(
        """
        mkdir -p dist/a; printf abc > dist/a/b.txt; chmod 600 dist/a/b.txt; echo x > dist/tool; chmod 755 dist/tool
        echo secret > other; ln -s /etc/passwd dist/passwd; ln -s /etc dist/etc; mkfifo dist/pipe; : > dist/empty
        """)
      let ended = try await bench.perform(publish(#"["dist/**", "dist/*/b.txt"]"#), workspace: workspace)
      #expect(ended.performance == Performance(.succeeded, workspace: workspace, artifacts: 3))
      let list = try await ended.storage.artifactList()
      #expect(list.map(\.path) == ["dist/a/b.txt", "dist/empty", "dist/tool"])
      #expect(list.map(\.size) == [3, 0, 2])
      #expect(list.map(\.mode) == [0o600, 0o644, 0o755])
      #expect(list[0].sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
      #expect(ended.log.contains("published dist/a/b.txt (3 bytes, sha256 ba7816bf8f01)"))
      for skipped in ["dist/passwd: a symbolic link", "dist/etc: a symbolic link", "dist/pipe: not a regular file"] {
        #expect(ended.log.contains("not published: \(skipped)"), "\(ended.log)")
      }
    }
  }

  @Test(
    "that are missing fail the task, unless it says otherwise",
    arguments: [("fail", Verdict.failed, "", 0), ("warn", .succeeded, "warning: ", 1), ("ignore", .succeeded, "", 1)])
  func missing(_ ifMissing: String, verdict: Verdict, logged: String, artifacts: Int) async throws {
    try await Bench.with { bench in
      let workspace = try await bench.workspace("mkdir dist; echo > dist/file")
      let task = publish(#"["dist", "dist/file"]"#, #", "ifMissing": "\#(ifMissing)""#)
      let ended = try await bench.perform(task, workspace: workspace)
      #expect(ended.verdict == verdict)
      #expect(ended.performance.artifacts == artifacts)
      #expect(ended.log.contains(logged + "no file of the workspace matches dist;") == (ifMissing == "warn"))
      #expect(ended.message.contains("no file of the workspace matches dist;") == (ifMissing == "fail"))
    }
  }

  @Test("of the build that is asked for come into the workspace, and nothing else")
  func copying() async throws {
    try await Bench.with { bench in
      try await bench.record(1, .succeeded, publishing: "mkdir dist; echo one > dist/a.txt; echo one > b.txt")
      try await bench.record(2, .succeeded, publishing: "mkdir dist; echo two > dist/a.txt; chmod 755 dist/a.txt")
      try await bench.record(3, .failed, publishing: "mkdir dist; echo three > dist/a.txt")
      let before = try await bench.workspace("echo mine > mine")
      let continuation = BuildCause.continuation(of: BuildID(job: try JobName("library"), number: 1))
      let rows: [(String, BuildCause, String)] = [
        (#""latest-successful""#, .request, "two"), (#""latest""#, .request, "three"), (#""1""#, .request, "one"),
        (#""triggering""#, continuation, "one"),
      ]
      for (selector, cause, content) in rows {
        let ended = try await bench.perform(copy(selector, #"["dist/*.txt"]"#), workspace: before, cause: cause)
        #expect(ended.verdict == .succeeded, "\(selector): \(ended.message)")
        #expect(ended.performance.workspace.count == 2)
        let seen = try await bench.look("cat mine deps/dist/a.txt; ls deps", at: ended.performance.workspace)
        #expect(seen == "mine\n\(content)\ndist\n", "\(selector)")
        #expect(ended.log.contains("copying artifacts of library/"), "\(ended.log)")
      }
      let two = try await bench.perform(copy(#""2""#, #"["**"]"#))
      #expect(try await bench.look("stat -c %a deps/dist/a.txt", at: two.performance.workspace) == "755\n")
    }
  }

  @Test("that cannot be had fail the task with what to do about it")
  func refusedCopies() async throws {
    try await Bench.with { bench in
      let other = BuildCause.continuation(of: BuildID(job: try JobName("application"), number: 4))
      let none = try await bench.perform(copy(#""latest""#, #"["**"]"#))
      #expect(
        none.performance == Performance(.failed, message: "no build of job library has ended yet; start one first"))
      try await bench.record(1, .succeeded, publishing: "echo > a")
      let rows: [(String, String, BuildCause, String)] = [
        (#""triggering""#, #"["**"]"#, .request, "no other build started this one"),
        (#""triggering""#, #"["**"]"#, other, "started by application/4"),
        (#""9""#, #"["**"]"#, .request, "there is no build library/9"),
        (#""latest""#, #"["a", "b"]"#, .request, "no artifact of library/1 matches b"),
      ]
      for (selector, files, cause, message) in rows {
        let ended = try await bench.perform(copy(selector, files), cause: cause)
        #expect(ended.verdict == .failed)
        #expect(ended.message.contains(message), "\(ended.message)")
      }
    }
  }

  @Test("whose paths differ only in how accents are composed are different ones")
  func composition() async throws {
    try await Bench.with { bench in
      try await bench.record(
        1, .succeeded,
        publishing: #"printf NFC > "$(printf 'caf\303\251')"; printf NFD > "$(printf 'cafe\314\201')""#)
      let ended = try await bench.perform(copy(#""1""#, #"["**"]"#))
      #expect(try await bench.look("cat deps/*", at: ended.performance.workspace) == "NFDNFC")
      for (path, content) in [("caf\u{E9}", "NFC"), ("cafe\u{301}", "NFD")] {
        let build = BuildID(job: try JobName("library"), number: 1)
        let (_, blob) = try await bench.repository.artifact(of: build, path: path)
        var bytes: [UInt8] = []
        for try await chunk in blob.read() { bytes += chunk }
        #expect(String(decoding: bytes, as: UTF8.self) == content)
      }
    }
  }

  private func copy(_ selector: String, _ files: String) -> String {
    #"{"name": "test", "type": "copy-artifacts", "from": {"job": "library", "build": \#(selector)}, "#
      + #""files": \#(files), "into": "deps"}"#
  }
}

extension Bench {
  /// Puts a build of the job `library` that has ended into history. Its one task published all that a script made.
  func record(_ number: Int, _ verdict: Verdict, publishing script: String) async throws {
    let text =
      #"{"job": "library", "tasks": [{"name": "publish", "type": "publish-artifacts", "files": ["**"]}, "#
      + #"{"name": "check", "type": "execute-shell", "script": "true"}]}"#
    let job = try JobFile.parse(Array(text.utf8), file: "library.json")
    let stored = try await repository.apply(job)
    let request = BuildRequest(
      build: BuildID(job: job.name, number: number), requestID: "\(number)", jobRevision: stored.revision,
      parameters: [:], cause: .request, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0)
    let plan = try Plan(request, of: job)
    let storage = repository.storage(of: request.build, task: job.tasks[0].name, token: "token")
    let log = AttemptLog(storage: storage)
    let assignment = Assignment(
      attempt: TaskAttempt(request: request, task: 0, number: 1, workspace: try await workspace(script)), plan: plan,
      repository: repository, storage: storage, log: log)
    let published = try await PublishArtifactsPerformer(configuration()).perform(assignment)
    _ = try await log.close()
    var state = BuildState(taskCount: 2)
    let now = Timestamp(milliseconds: 0)
    _ = state.advance(plan, .start, now: now)
    let verdicts = [published.verdict, verdict]
    for (task, verdict) in verdicts.enumerated() {
      let outcome = AttemptOutcome(
        task: task, attempt: 1, token: "token", worker: "worker", verdict: verdict, started: now, finished: now,
        artifacts: task == 0 ? published.artifacts : 0)
      _ = state.advance(plan, .ended(outcome), now: now)
    }
    let ended = StoredBuild(
      record: BuildRecord(request: request, state: state), version: 1, started: [], notes: [])
    let change = IndexChange(key: ObjectMap.buildEntry(number), value: try JSONBytes.encode(ended))
    try await repository.objects.update(ObjectMap.builds(of: job.name), [change])
  }
}

/// An ``EndedBuild`` as it is stored.
private struct StoredBuild: Encodable {
  var record: BuildRecord
  var version: Int
  var started: [BuildID]
  var notes: [String]
}
