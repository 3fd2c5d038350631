import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct HookTests {
  /// The program is built beside the tests.
  private static let program: String = {
    let tests = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return (tests as NSString).deletingLastPathComponent + "/distci"
  }()

  private func inFolder(_ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/distci-hook-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try shell(
      """
      git init -q --bare -b main central.git; git init -q -b main work; cd work
      git config user.name a; git config user.email a@example.org
      echo one > file; git add file; git commit -q -m one; git remote add origin ../central.git
      """, in: folder)
    try await body(folder)
  }

  @discardableResult
  private func shell(_ script: String, in folder: String) throws -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = ["-ec", "exec 2>&1; cd '\(folder)'; \(script)"]
    let pipe = Pipe()
    process.standardOutput = pipe
    try process.run()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    try #require(process.terminationStatus == 0, "\(script): \(text)")
    return text
  }

  private func server() throws -> ScriptedServer {
    try ScriptedServer { request, _ in
      guard let push = try? JSONBytes.decode(LocalPush.self, from: request.body) else { return .nothing }
      let build = (try? JobName("library")).map { BuildReference(BuildID(job: $0, number: 7)) }
      return .json(push.updates.map { PushView(ref: $0.ref, started: [build].compactMap(\.self)) })
    }
  }

  private func pushes(_ server: ScriptedServer) throws -> [LocalPush] {
    try server.requests.map { try JSONBytes.decode(LocalPush.self, from: $0.body) }
  }

  @Test func `what is pushed is told to the server, whatever the refs are called`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      let install = ["hook", "install", "\(folder)/central.git", "--program", Self.program, "--as", "it's:a/b.git"]
      let run = await CommandRun(install, on: server)
      #expect(run.status == .good && run.text.contains("central.git/hooks/post-receive: installed"), "\(run.errors)")
      let said = try shell("cd work; git push origin main", in: folder)
      #expect(
        said.contains("distci: refs/heads/main: started library/7: \(server.url)/jobs/library/builds/7"), "\(said)")
      let commit = try shell("git -C work rev-parse main", in: folder).trimmingCharacters(in: .whitespacesAndNewlines)
      let zeros = String(repeating: "0", count: 40)
      let push = try #require(try pushes(server).first)
      #expect(push.repositories.count == 2 && push.repositories[0].hasSuffix("/central.git"))
      #expect(push.repositories[1] == "it's:a/b.git")
      #expect(push.updates == [.init(ref: "refs/heads/main", before: zeros, after: commit)])
      // Words that a shell would take for its own, and a deletion.
      let hostile = ["$(touch${IFS}pwned)", "a;touch${IFS}pwned", "`id`", "it's\"so", "-n", "ü", "|cat"]
      for name in hostile {
        try shell("git -C work update-ref 'refs/heads/x/\(name.replacing("'", with: "'\\''"))' main", in: folder)
      }
      try shell(
        "cd work; git push -q origin 'refs/heads/x/*:refs/heads/x/*'; git push -q origin :refs/heads/x/ü", in: folder)
      let later = try pushes(server).dropFirst().flatMap(\.updates)
      #expect(Set(later.dropLast().map(\.ref)) == Set(hostile.map { "refs/heads/x/\($0)" }))
      #expect(later.last == .init(ref: "refs/heads/x/ü", before: commit, after: zeros))
      #expect(try shell("find . -name pwned", in: folder) == "")
    }
  }

  @Test func `the files that a push changed are told, unless that cannot be known`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      let install = ["hook", "install", "\(folder)/central.git", "--program", Self.program]
      #expect(await CommandRun(install, on: server).status == .good)
      let steps: [(String, [String]?)] = [
        ("true", nil),
        ("mkdir d; echo 1 > d/ü; git mv file moved; git add .; git commit -qm 2", ["d/ü", "file", "moved"]),
        ("git commit -q --allow-empty -m 3", []),
        ("git commit -q --allow-empty --amend -m 4", nil),
        ("for i in $(seq 501); do : > f$i; done; git add .; git commit -qm 5", nil),
        (": > \"$(printf 'a\\nb')\"; git add .; git commit -qm 6", nil),
        ("echo 2 > moved; git commit -qam 7; echo 3 > moved; git commit -qam 8", ["moved"]),
      ]
      for (script, changed) in steps {
        try shell("cd work; \(script); git push -qf origin main", in: folder)
        let update = try #require(try pushes(server).last?.updates.first)
        #expect(update.changed?.sorted() == changed, "\(script)")
      }
    }
  }

  @Test func `a hook that is there is kept, runs first, and is put back`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder { (folder: String) async throws in
      try shell(
        """
        printf '#!/bin/sh\\nread old new ref; echo "mine: $ref"; exit 3\\n' > central.git/hooks/post-receive
        chmod +x central.git/hooks/post-receive; cp central.git/hooks/post-receive before
        """, in: folder)
      let install = ["hook", "install", "\(folder)/central.git", "--program", Self.program]
      for _ in 0..<2 {
        #expect(await CommandRun(install, on: server).text.contains("runs first"))
      }
      let said = try shell("cd work; git push origin main", in: folder)
      let mine = try #require(said.range(of: "mine: refs/heads/main"))
      let ours = try #require(said.range(of: "distci: refs/heads/main: started"))
      #expect(mine.lowerBound < ours.lowerBound)
      let removed = await CommandRun(["hook", "remove", "\(folder)/central.git"])
      #expect(removed.status == .good && removed.text.contains("is back"))
      try shell(
        "cmp before central.git/hooks/post-receive; test $(ls central.git/hooks/post-receive* | grep -vc sample) = 1",
        in: folder)
      #expect(await CommandRun(["hook", "remove", "\(folder)/central.git"]).status == .usage)
    }
  }

  @Test func `the push succeeds and says so when the server, or the program, is not there`() async throws {
    let server = try server()
    server.stop()
    try await inFolder { (folder: String) async throws in
      for (program, words) in [
        (Self.program, "the push is done, but nothing is built for refs/heads/main"), ("/nonexistent", "is not there"),
      ] {
        #expect(
          await CommandRun(["hook", "install", "\(folder)/central.git", "--program", program], on: server).status
            == .good)
        let said = try shell("cd work; git commit -q --allow-empty -m more; git push origin main", in: folder)
        #expect(said.contains(words), "\(said)")
      }
      #expect(
        try shell("git -C central.git rev-parse main", in: folder) == shell("git -C work rev-parse main", in: folder))
    }
  }

  @Test func `an ordinary repository is known by its work tree`() async throws {
    try await inFolder { (folder: String) async throws in
      let run = await CommandRun(["hook", "install", "\(folder)/work/", "--json"])
      let view = try #require(try JSONSerialization.jsonObject(with: Data(run.output)) as? [String: Any])
      #expect((view["repository"] as? String)?.hasSuffix("/work") ?? false)
      #expect((view["hook"] as? String)?.hasSuffix("/work/.git/hooks/post-receive") ?? false)
      try shell("git -C work config core.hooksPath \(folder)", in: folder)
      let shared = await CommandRun(["hook", "install", "\(folder)/work"])
      #expect(shared.status == .usage && shared.errors.contains("core.hooksPath"))
      #expect(await CommandRun(["hook", "install", folder]).status == .usage)
    }
  }

  @Test func `many refs are told of in requests that the server takes`() throws {
    let zeros = String(repeating: "0", count: 40)
    let names = (0..<500).map { "refs/heads/\(String(repeating: "\u{1}", count: $0))" }
    let text = names.map { "\(zeros) \(zeros) \($0)\n" }.joined() + "short\n" + "a b \u{FFFD}"
    let updates = HookReceive.updates(in: Data(text.utf8) + Data([0xFF, 0x0A]))
    #expect(updates.map(\.ref) == names)
    let batches = HookReceive.batches(of: updates)
    #expect(batches.flatMap(\.self) == updates && batches.count > 5)
    for batch in batches {
      let body = try JSONBytes.encode(LocalPush(repositories: ["/srv/git/library.git"], updates: batch))
      #expect(body.count < 64 << 10)
    }
    #expect(HookReceive.batches(of: []).isEmpty)
    let paths = (0..<500).map { String(repeating: "\"", count: 28) + "\($0)" }
    let more = (0..<20).map { LocalPush.Update(ref: "refs/heads/\($0)", before: zeros, after: zeros, changed: paths) }
    for batch in HookReceive.batches(of: more) {
      #expect(try JSONBytes.encode(LocalPush(repositories: ["/srv/git/library.git"], updates: batch)).count < 64 << 10)
    }
  }
}
