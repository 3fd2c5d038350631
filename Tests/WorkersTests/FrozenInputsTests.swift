import Foundation
import Model
import SharedRepository
import Testing
import Workers

/// A build that repeats an earlier one works on what that one worked on.
@Suite("What is frozen")
struct FrozenInputsTests {
  private func frozen(_ cause: BuildCause = .request, commit: String? = nil, source: Int? = nil) throws -> FrozenInputs
  {
    let task = try TaskName("test")
    var inputs = FrozenInputs(cause: cause)
    inputs.commits[task] = commit
    inputs.sources[task] = try source.map { BuildID(job: try JobName("library"), number: $0) }
    return inputs
  }

  @Test("is the commit that was checked out, wherever its branch has moved since")
  func commit() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let commit = try bench.git("rev-parse main")
      _ = try await bench.perform(bench.checkout(origin))
      try bench.git("reset -q --hard HEAD~1")
      try bench.git("commit -q --allow-empty -m newer")
      let repeated = try await bench.perform(bench.checkout(origin), frozen: try frozen(commit: commit))
      #expect(repeated.performance.commit == commit, "\(repeated.message)")
      #expect(try await bench.look("cat src/file", at: repeated.performance.workspace) == "two\n")
    }
  }

  @Test("is what was pushed: on its branch, and as the values say")
  func push() async throws {
    try await Bench.with { bench in
      let origin = try bench.makeOrigin()
      let commit = try bench.git("rev-parse main")
      let name = String(origin.dropFirst("file:///".count))
      let cause = BuildCause.push(.init(repository: name, ref: "refs/heads/main", commit: commit))
      let target = BuildID(job: try JobName("sample"), number: 1)
      let rollback = BuildCause.rollback(Rollback(environment: try DeployTarget("stage"), to: target, by: "ann"))
      _ = try await bench.perform(bench.checkout(origin))
      try bench.git("commit -q --allow-empty -m newer")
      let inputs = try frozen(cause, commit: commit)
      let repeated = try await bench.perform(bench.checkout(origin), cause: rollback, frozen: inputs)
      let seen = try await bench.look(
        "cd src; git rev-parse HEAD; git rev-parse --abbrev-ref HEAD", at: repeated.performance.workspace)
      #expect(seen == "\(commit)\nmain\n")
      let script = bench.shellTask("echo $DISTCI_EVENT $DISTCI_BRANCH $DISTCI_COMMIT")
      let told = try await bench.perform(script, cause: rollback, isLast: true, frozen: inputs)
      #expect(told.log == "rollback main \(commit)\n")
    }
  }

  @Test("is the build that artifacts were copied from, which is noted when they are")
  func source() async throws {
    try await Bench.with { bench in
      let copy =
        #"{"name": "test", "type": "copy-artifacts", "from": {"job": "library", "build": "latest-successful"}, "files": ["**"]}"#
      try await bench.record(1, .succeeded, publishing: "echo one > a.txt")
      let first = try await bench.perform(copy)
      #expect(first.performance.source?.number == 1)
      try await bench.record(2, .succeeded, publishing: "echo two > a.txt")
      let latest = try await bench.perform(copy)
      #expect(latest.performance.source?.number == 2)
      let repeated = try await bench.perform(copy, frozen: try frozen(source: 1))
      #expect(repeated.performance.source?.number == 1)
      #expect(try await bench.look("cat a.txt", at: repeated.performance.workspace) == "one\n")
    }
  }
}
