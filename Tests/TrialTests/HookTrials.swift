import Foundation
import Glibc
import Model
import TestStores
import Testing

@Suite("Pushes to repositories of this machine", .serialized, .timeLimit(.minutes(3)))
struct HookTrials {
  @Test(
    "What is pushed to a bare repository is built at the commit that was pushed, and nothing twice",
    arguments: StorePair.all)
  func push(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything([.buildControl, .gitCheckout, .executeShell])
      let work = try await LocalRepository(site.folder.path + "/work", files: ["number": "1\n"])
      let central = site.folder.path + "/central.git"
      try await git(work.path, "clone", "--quiet", "--bare", work.path, central)
      try await site.defineJob(
        file: #"""
          { "job": "library", "triggers": [{ "on": "push", "repository": "file://\#(central)", "branches": ["main"] }],
            "tasks": [
              { "name": "source", "type": "git-checkout", "repository": "file://\#(central)", "ref": "main" },
              { "name": "work", "type": "execute-shell", "script": "cat number; echo $DISTCI_EVENT $DISTCI_BRANCH" } ] }
          """#)
      #expect(try await site.command("hook", "install", central).contains("installed"))
      for number in 2...3 {
        try await work.commit(["number": "\(number)\n"])
        try await git(work.path, "push", "--quiet", central, "main", "main:refs/heads/topic")
        let build = BuildID(job: try JobName("library"), number: number - 1)
        let view = try await site.end(of: build)
        #expect(view.verdict == .succeeded && view.cause.event == "push")
        let commit = try await work.commit(at: "main")
        #expect(view.cause.commit == commit)
        #expect(try await site.log(of: build, task: "work") == "\(number)\npush main\n")
      }
      // Nothing new, and a branch that goes.
      try await git(work.path, "push", "--quiet", central, "main", ":topic")
      _ = try await site.command("hook", "remove", central)
      try await work.commit(["number": "4\n"])
      try await git(work.path, "push", "--quiet", central, "main")
      let list = try await site.answer("GET", "/api/v1/jobs/library/builds").json([BuildSummary].self)
      #expect(list.map(\.build) == [2, 1])
    }
  }

  private func git(_ folder: String, _ arguments: String...) async throws {
    let variables = ["PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": folder]
    let process = try ChildProcess(
      ["/usr/bin/git", "-C", folder] + arguments, environment: variables, output: "/dev/null", errors: "/dev/null")
    try await eventually("git ends") { !process.isRunning }
    try #require(process.end == .exited(0))
  }
}
