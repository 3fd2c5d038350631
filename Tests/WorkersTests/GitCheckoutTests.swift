import Execution
import Foundation
import Model
import SharedRepository
import Testing
import Workers

@Suite("A checkout")
struct GitCheckoutTests {
  @Test("has the files of what the ref names, whatever kind of name it is")
  func refs() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let first = try bench.git("rev-parse main~1")
      let main = try bench.git("rev-parse main")
      let side = try bench.git("rev-parse side/line")
      let pull = try bench.git("rev-parse refs/pull/1/head")
      let rows = [
        ("main", main, "main"), ("refs/heads/main", main, "main"), ("side/line", side, "side/line"),
        ("v1", first, "HEAD"), ("refs/tags/v1", first, "HEAD"), ("annotated", first, "HEAD"), (first, first, "HEAD"),
        (String(side.prefix(9)), side, "HEAD"), ("refs/pull/1/head", pull, "HEAD"), ("HEAD", main, "main"),
      ]
      for (ref, commit, branch) in rows {
        let ended = try await bench.perform(bench.checkout(origin, ref: ref))
        #expect(ended.verdict == .succeeded, "\(ref): \(ended.message)")
        #expect(ended.performance.commit == commit, "\(ref)")
        let seen = try await bench.look(
          "cd src; git rev-parse HEAD; git rev-parse --abbrev-ref HEAD; git status --porcelain; git remote get-url origin",
          at: ended.performance.workspace)
        #expect(seen == "\(commit)\n\(branch)\n\(origin)\n", "\(ref)")
      }
    }
  }

  @Test("says in its log what it checked out")
  func log() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      try bench.git("commit -q --allow-empty -m \"$(printf 'ring \\033[31m red')\"")
      let ended = try await bench.perform(bench.checkout(origin))
      #expect(ended.log == "checked out \(try bench.git("rev-parse main")) ring \u{FFFD}[31m red\n")
    }
  }

  @Test("is a repository of its own, over what was in the workspace before")
  func selfContained() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let before = try await bench.workspace("mkdir src; echo mine > src/mine")
      let ended = try await bench.perform(bench.checkout(origin), workspace: before)
      try bench.shell("rm -rf cache origin")
      let seen = try await bench.look(
        """
        cd src; cat mine file; git fsck --full --strict > /dev/null; git log -1 --format=%s origin/side/line
        ! grep -r "cache/git" .git; test ! -e .git/objects/info/alternates; test ! -d .git/hooks
        git -c user.name=a -c user.email=a commit -q --allow-empty -m more; git log -1 --format=%s
        """, at: ended.performance.workspace)
      #expect(seen == "mine\ntwo\nside\nmore\n")
    }
  }

  @Test("of a push has the commit that was pushed, also when the branch was forced away from it")
  func pushedCommit() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      _ = try await bench.perform(bench.checkout(origin))
      try bench.git("commit -q --allow-empty -m pushed")
      let pushed = try bench.git("rev-parse main")
      try bench.git("reset -q --hard HEAD~2")
      let now = try bench.git("rev-parse main")
      let name = String(origin.dropFirst("file:///".count))
      let rows = [
        (name, "refs/heads/main", "main", pushed), (name, "refs/heads/main", "refs/heads/main", pushed),
        (name, "refs/heads/other", "main", now), ("other/repository", "refs/heads/main", "main", now),
      ]
      for (repository, ref, asked, expected) in rows {
        let cause = BuildCause.push(.init(repository: repository, ref: ref, commit: pushed))
        let ended = try await bench.perform(bench.checkout(origin, ref: asked), cause: cause)
        #expect(ended.performance.commit == expected, "\(repository) \(ref) \(asked): \(ended.message)")
      }
    }
  }

  @Test("of a pull request has the head, from the repository that it was made to, wherever that has moved since")
  func pullRequest() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      _ = try await bench.perform(bench.checkout(origin))
      let main = try bench.git("rev-parse main")
      // A commit that nothing but its own ref leads to, as a forge keeps it.
      let head = try bench.git("commit-tree -p main~1 -m proposal main^{tree}")
      try bench.git("update-ref refs/pull/7/head \(head)")
      let name = String(origin.dropFirst("file:///".count))
      func pull(_ branch: String, _ repository: String) -> BuildCause {
        .pullRequest(
          .init(
            repository: repository, number: 7, ref: "refs/pull/7/head", branch: branch, commit: head, base: "main",
            baseCommit: main, isFork: true))
      }
      let rows = [
        (name, "topic", "HEAD", head, "topic"), (name, "topic", "${commit}", head, "topic"),
        (name, "topic", "${branch}", head, "topic"), (name, "topic", "main", main, "main"),
        // A stranger's branch may be called like one of ours, or like nothing that git takes for a branch.
        (name, "main", "${branch}", head, "main"), (name, "HEAD", "${commit}", head, "HEAD"),
        (name, String(repeating: "a", count: 40), "${branch}", head, "HEAD"),
        ("other/repository", "topic", "HEAD", main, "main"),
      ]
      for (repository, branch, ref, commit, on) in rows {
        let ended = try await bench.perform(bench.checkout(origin, ref: ref), cause: pull(branch, repository))
        #expect(ended.performance.commit == commit, "\(repository) \(branch) \(ref): \(ended.message)")
        let seen = try await bench.look(
          "cd src; git rev-parse HEAD; git rev-parse --abbrev-ref HEAD", at: ended.performance.workspace)
        #expect(seen == "\(commit)\n\(on)\n", "\(repository) \(branch) \(ref)")
      }
      // Forced away: the tasks that come later have what the first one had.
      try bench.git("update-ref refs/pull/7/head main")
      let later = try await bench.perform(bench.checkout(origin, ref: "${commit}"), cause: pull("topic", name))
      #expect(later.performance.commit == head)
      try bench.git("update-ref -d refs/pull/7/head")
      try bench.shell("rm -rf cache; cd origin; git reflog expire --expire=now --all; git gc -q --prune=now")
      let gone = try await bench.perform(bench.checkout(origin, ref: "${commit}"), cause: pull("topic", name))
      #expect(gone.verdict == .failed && gone.performance.commit == nil)
      let told = try await bench.perform(
        bench.shellTask("echo $DISTCI_PULL_REQUEST $DISTCI_BASE_BRANCH $DISTCI_BRANCH $DISTCI_COMMIT $DISTCI_EVENT"),
        cause: pull("topic", name), isLast: true)
      #expect(told.log == "7 main topic \(head) pull-request\n")
    }
  }

  @Test("of a pushed branch is on that branch, of a pushed tag on none")
  func pushedKinds() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let name = String(origin.dropFirst("file:///".count))
      for (ref, asked, branch) in [("refs/heads/main", "main", "main"), ("refs/tags/v1", "v1", "HEAD")] {
        let commit = try bench.git("rev-parse \(ref)")
        let cause = BuildCause.push(.init(repository: name, ref: ref, commit: commit))
        let ended = try await bench.perform(bench.checkout(origin, ref: asked), cause: cause)
        let seen = try await bench.look(
          "cd src; git rev-parse HEAD; git rev-parse --abbrev-ref HEAD", at: ended.performance.workspace)
        #expect(seen == "\(commit)\n\(branch)\n")
      }
    }
  }

  @Test("brings submodules along, with addresses relative to the true origin")
  func submodules() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      try bench.shell(
        """
        git init -q -b main part; cd part; echo part > p; git add p; git -c user.name=a -c user.email=a commit -q -m part
        cd ../origin; git -c protocol.file.allow=always submodule --quiet add ../part sub
        git -c user.name=a -c user.email=a commit -q -m sub
        """)
      let with = try await bench.perform(bench.checkout(origin, more: #", "submodules": true"#))
      #expect(try await bench.look("cat src/sub/p", at: with.performance.workspace) == "part\n")
      let without = try await bench.perform(bench.checkout(origin))
      #expect(try await bench.look("ls src/sub", at: without.performance.workspace) == "")
    }
  }

  @Test("fails with git's words when there is no such ref, or no such repository")
  func missing() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let absent = String(repeating: "1", count: 40)
      let rows = [
        (origin, "nowhere", "there is no branch, tag or commit 'nowhere'"),
        (origin, "refs/pull/9/head", "couldn't find"),
        (origin, absent, "not our ref"),
        ("file://\(bench.folder)/absent", "main", "does not appear to be a git repository"),
      ]
      for (repository, ref, words) in rows {
        let ended = try await bench.perform(bench.checkout(repository, ref: ref))
        #expect(ended.verdict == .failed)
        #expect(ended.message.contains(words), "\(ended.message)")
      }
    }
  }

  @Test("that a network fails is an error of ours, to be tried again")
  func network() async throws {
    try await Bench.with { bench in
      for address in ["https://127.0.0.1:1/a/b.git", "git://127.0.0.1:1/a/b.git"] {
        await #expect(throws: (any Error).self) { try await bench.perform(bench.checkout(address)) }
      }
    }
  }

  @Test("of this machine's repositories needs the operator's permission")
  func localRefused() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let performers = bench.performers(bench.configuration(local: false))
      for address in [origin, bench.folder + "/origin"] {
        let ended = try await bench.perform(bench.checkout(address), with: performers)
        #expect(ended.verdict == .failed)
        #expect(ended.message.contains("--allow-local-repositories"))
      }
    }
  }

  @Test("of a repository that a server has needs no permission, and follows it")
  func served() async throws {
    try await Bench.with { bench in
      try bench.makeOrigin()
      let port = Int.random(in: 20_000..<30_000)
      let daemon = Process()
      daemon.executableURL = URL(fileURLWithPath: "/bin/sh")
      daemon.arguments = [
        "-c", #"exec "$(git --exec-path)/git-daemon" --listen=127.0.0.1 --export-all "$@""#, "daemon",
        "--port=\(port)", "--base-path=\(bench.folder)",
      ]
      try daemon.run()
      // The signals of ours that are blocked are blocked in it, too.
      defer { kill(daemon.processIdentifier, SIGKILL) }
      try bench.shell(
        "timeout 20 sh -c 'until git ls-remote -q git://127.0.0.1:\(port)/origin >/dev/null 2>&1; do :; done'")
      let performers = bench.performers(bench.configuration(local: false))
      for content in ["two", "three"] {
        let task = bench.checkout("git://127.0.0.1:\(port)/origin")
        let ended = try await bench.perform(task, with: performers)
        #expect(ended.verdict == .succeeded, "\(ended.message)")
        let commit = try bench.git("rev-parse main").trimmingCharacters(in: .whitespacesAndNewlines)
        #expect(ended.performance.commit == commit)
        #expect(try await bench.look("cat src/file", at: ended.performance.workspace) == content + "\n")
        try bench.git("checkout -q main && echo three > file && git commit -q -a --allow-empty -m three")
      }
    }
  }

  @Test("never takes a hostile value for an option or a command")
  func hostileValues() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let mark = bench.folder + "/mark"
      let repositories = [
        "--upload-pack=touch \(mark)", "-u", "ext::sh -c touch% \(mark)", "file://\(bench.folder)/../x", "a\nb",
        "ssh://-oProxyCommand=touch%20\(mark)/x", "http://example.org/x.git", "fd::3", "https://u:p@example.org/x.git",
      ]
      for repository in repositories {
        let ended = try await bench.performUnchecked(GitCheckout(repository: repository, ref: "main"))
        #expect(ended.verdict == .failed, "\(repository)")
      }
      for ref in [
        "--upload-pack=touch \(mark)", "-f", "a b", "x:refs/heads/main", "a\nb", "$(touch \(mark))", "a..b", "^main",
      ] {
        let ended = try await bench.performUnchecked(GitCheckout(repository: origin, ref: ref))
        #expect(ended.verdict == .failed, "\(ref)")
      }
      #expect(!FileManager.default.fileExists(atPath: mark))
    }
  }

  @Test("runs nothing that the repository brings, nor what the host is configured to run")
  func hooks() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let mark = bench.folder + "/mark"
      try bench.shell(
        """
        cd origin; for h in post-checkout reference-transaction post-update; do
          printf '#!/bin/sh\\ntouch \(mark)\\n' > .git/hooks/$h; chmod 755 .git/hooks/$h; done
        printf '* filter=evil\\n' > .gitattributes
        printf '[submodule "s"]\\n path = s\\n url = ext::sh -c touch%% \(mark)\\n update = !touch \(mark)\\n' > .gitmodules
        git add .gitattributes .gitmodules
        git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),s
        git -c core.hooksPath=/dev/null -c user.name=a -c user.email=a commit -q -m evil; rm -f \(mark)
        """)
      let plain = try await bench.perform(bench.checkout(origin))
      #expect(plain.verdict == .succeeded, "\(plain.message)")
      let deep = try await bench.perform(bench.checkout(origin, more: #", "submodules": true"#))
      #expect(deep.verdict == .failed, "\(deep.log)")
      #expect(!FileManager.default.fileExists(atPath: mark))
    }
  }

  @Test("whose address holds words of git's complaints is not taken for damaged, nor for a network's failure")
  func wordsOfAddresses() async throws {
    try await Bench.with { bench in
      for name in ["packfile", "invalid object", "early EOF"] {
        let address = "file://\(bench.folder)/\(name.replacing(" ", with: "-"))/bad object".replacing(" ", with: "-")
        let ended = try await bench.perform(bench.checkout(address))
        #expect(ended.verdict == .failed)
        #expect(ended.message.contains("does not appear to be a git repository"), "\(ended.message)")
        #expect(!ended.log.contains("making it again"), "\(ended.log)")
      }
    }
  }

  @Test("from elsewhere takes no submodules from this machine, and follows nobody to another server")
  func transports() async throws {
    try await Bench.with { bench in
      let rows = [(true, true, true), (true, false, false), (false, true, false), (false, false, false)]
      for (allowed, isLocal, expected) in rows {
        let environment = GitEnvironment.of(
          home: bench.folder, bench.configuration(local: allowed), isLocal: isLocal)
        let transports = environment["GIT_ALLOW_PROTOCOL"]?.split(separator: ":") ?? []
        #expect(transports.contains("https"))
        #expect(transports.contains("file") == expected, "\(allowed) \(isLocal)")
        let assignments = environment.map { "\($0)=\(Self.quoted($1))" }.joined(separator: " ")
        let redirects = try bench.shell("env -i \(assignments) git config http.followRedirects")
        #expect(redirects == "false")
      }
    }
  }

  @Test("makes a damaged mirror anew")
  func damagedMirror() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      _ = try await bench.perform(bench.checkout(origin))
      try bench.shell("for f in $(find cache/git -path '*objects*' -type f); do chmod u+w $f; : > $f; done")
      let ended = try await bench.perform(bench.checkout(origin))
      #expect(ended.verdict == .succeeded, "\(ended.message)")
      #expect(ended.log.contains("making it again"))
    }
  }

  @Test("goes on with a mirror that a killed git had locked", arguments: ["before it was made", "later"])
  func lockedMirror(moment: String) async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      _ = try await bench.perform(bench.checkout(origin))
      if moment == "later" {
        try bench.git("commit -q --allow-empty -m more")
        try bench.shell("cd cache/git/*/; mkdir -p refs/heads; touch packed-refs.lock refs/heads/main.lock config.lock")
      } else {
        try bench.shell("cd cache/git/*/; find . -mindepth 1 -delete; touch config.lock HEAD.lock")
      }
      let ended = try await bench.perform(bench.checkout(origin))
      #expect(ended.verdict == .succeeded, "\(ended.message)")
      #expect(ended.performance.commit == (try bench.git("rev-parse main")))
      #expect(try bench.shell("find cache/git/*/ -name '*.lock'") == "")
    }
  }

  @Test("by several slots at the same time shares one mirror")
  func concurrency() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let verdicts = try await withThrowingTaskGroup(of: Verdict.self) { group in
        for _ in 0..<6 { group.addTask { try await bench.perform(bench.checkout(origin)).verdict } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(verdicts == Array(repeating: .succeeded, count: 6))
      #expect(try bench.shell("ls -d cache/git/*/ | wc -l") == "1")
    }
  }

  @Test("shows a password to the server alone: not to other processes, nor in the log, nor in the workspace")
  func credentials() async throws {
    try await Bench.with { bench in
      let file = try bench.file("it's secret", "https://user:pa55word@example.org\n")
      let environment = GitEnvironment.of(
        home: bench.folder, bench.configuration(credentials: file), isLocal: false)
      // Asks git itself, in that environment, for the password that it would send.
      try bench.file("question", "protocol=https\nhost=example.org\n\n")
      let assignments = environment.map { "\($0)=\(Self.quoted($1))" }.sorted().joined(separator: " ")
      let answer = try bench.shell("env -i \(assignments) git credential fill < question")
      #expect(answer.contains("password=pa55word"))
      #expect(!environment.values.contains { $0.contains("pa55word") })
      #expect(environment["GIT_TERMINAL_PROMPT"] == "0" && environment["GIT_CONFIG_GLOBAL"] == "/dev/null")
    }
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}

extension Bench {
  /// Makes a repository with a history; returns its address.
  @discardableResult
  func makeOrigin() throws -> String {
    try shell(
      """
      git init -q -b main origin; cd origin; git config user.name a; git config user.email a@example.org
      echo one > file; git add file; git commit -q -m one; git tag v1; git tag -a -m note annotated
      git checkout -q -b side/line; git commit -q --allow-empty -m side
      git checkout -q --detach; git commit -q --allow-empty -m pull; git update-ref refs/pull/1/head HEAD
      git checkout -q main; echo two > file; git commit -q -a -m two
      """)
    return "file://\(folder)/origin"
  }

  @discardableResult
  func git(_ command: String) throws -> String {
    try shell("cd origin; git \(command)")
  }

  func checkout(_ repository: String, ref: String = "main", more: String = "") -> String {
    #"{"name": "test", "type": "git-checkout", "repository": "\#(repository)", "ref": "\#(ref)", "directory": "src"\#(more)}"#
  }

  /// Performs a checkout that no job file could hold, as if its values had come from parameters.
  func performUnchecked(_ work: GitCheckout) async throws -> Performed {
    let sample = try assignment(checkout("https://example.org/a/b.git"), isLast: true)
    var task = sample.task
    task.work = .gitCheckout(work)
    let assignment = Assignment(
      attempt: sample.attempt, plan: try Plan(request: sample.plan.request, tasks: [task]), repository: repository,
      storage: sample.storage, log: sample.log)
    return try await performed(
      try await GitCheckoutPerformer(configuration(), runner: runner).perform(assignment), assignment)
  }
}
