import Model
import Testing
import Workers

@Suite("Looking at branches")
struct BranchSourceTests {
  @Test("tells where each is, however it is called, and nothing else")
  func branches() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let performer = GitCheckoutPerformer(bench.configuration(), runner: bench.runner)
      // The shell and git's own patterns would make something else of them.
      try bench.git("branch '$(touch${IFS}pwned)'; git branch 'ümläut'; git branch 'deep/main'")
      let main = try bench.git("rev-parse main")
      let all = try await performer.branches(for: PollTrigger(repository: origin))
      #expect(all.keys.sorted() == ["$(touch${IFS}pwned)", "deep/main", "main", "side/line", "ümläut"].sorted())
      #expect(all["main"] == main)
      let side = try bench.git("rev-parse side/line")
      #expect(all["side/line"] == side)
      let some = try await performer.branches(for: PollTrigger(repository: origin, branches: ["main", "absent"]))
      #expect(some == ["main": main])
      let globbed = try await performer.branches(for: PollTrigger(repository: origin, branches: ["side/*"]))
      #expect(globbed == all)
      #expect(bench.leftInScratch.isEmpty)
    }
  }

  @Test("needs the permissions of a checkout, and says why it is not possible")
  func refusals() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let strict = GitCheckoutPerformer(bench.configuration(local: false), runner: bench.runner)
      let open = GitCheckoutPerformer(bench.configuration(), runner: bench.runner)
      let rows = [
        (strict, origin, "--allow-local-repositories"),
        (open, origin + "/absent", "does not appear to be a git repository"),
        (open, "ext::sh -c id", "transport"), (open, "--upload-pack=id", "option"),
        (open, "https://127.0.0.1:1/a/b.git", "127.0.0.1"),
      ]
      for (performer, repository, words) in rows {
        await #expect {
          _ = try await performer.branches(for: PollTrigger(repository: repository))
        } throws: { error in
          (error as? BranchesUnseen)?.reason.contains(words) ?? false
        }
      }
    }
  }
}
