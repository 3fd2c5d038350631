import Foundation
import Model
import TestStores
import Testing

@Suite("Repositories that keep their own job files", .serialized, .timeLimit(.minutes(3)))
struct KeptFileTrials {
  @Test(
    "What the operator allowed is read at each push and built once, though build-control and the reader are killed",
    arguments: StorePair.all)
  func pushes(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      var workers = try await site.everything([.buildControl, .gitCheckout, .executeShell])
      let work = try await LocalRepository(site.folder.path + "/work", files: ["number": "0\n"])
      let central = site.folder.path + "/central.git"
      try await git(work.path, "clone", "--quiet", "--bare", work.path, central)
      #expect(try await site.command("hook", "install", central).contains("installed"))
      let allowed = try await site.command("repository", "allow", "file://\(central)", "--jobs", "library-*")
      #expect(allowed.contains("the job central-files reads .distci/*.json"))
      try FileManager.default.createDirectory(atPath: work.path + "/.distci", withIntermediateDirectories: true)
      for number in 1...4 {
        var files = ["number": "\(number)\n"]
        for job in ["one", "two"] { files[".distci/\(job).json"] = file("library-\(job)", central, number) }
        try await work.commit(files)
        try await git(work.path, "push", "--quiet", central, "main")
        let reading = BuildID(job: try JobName("central-files"), number: number)
        let kind = number.isMultiple(of: 2) ? TaskKind.buildControl : .gitCheckout
        try await workers[kind]?.kill()
        workers[kind] = try await site.worker(kind)
        let read = try await site.end(of: reading)
        #expect(read.verdict == .succeeded && read.startedBuilds.count == 2, "\(read)")
        let commit = try await work.commit(at: "main")
        for started in read.startedBuilds.map(\.id) {
          let view = try await site.end(of: started)
          #expect(view.verdict == .succeeded && started.number == number && view.cause.build?.id == reading)
          #expect(view.cause.event == "push" && view.cause.commit == commit)
          #expect(try await site.log(of: started, task: "work") == "\(number)\ntext \(number)\n")
        }
      }
      let list = try await site.command("repository", "list")
      #expect(list.contains("central-files") && list.contains("library-one, library-two"))
      #expect(
        try await site.command("job", "show", "library-one").contains("kept in file://\(central): .distci/one.json"))
      #expect(try await site.command("repository", "forbid", "central-files").contains("library-two: deleted"))
    }
  }

  private func file(_ job: String, _ central: String, _ number: Int) -> String {
    #"""
    { "job": "\#(job)", "triggers": [{ "on": "push", "repository": "file://\#(central)" }],
      "tasks": [
        { "name": "source", "type": "git-checkout", "repository": "file://\#(central)" },
        { "name": "work", "type": "execute-shell", "script": "cat number; echo text \#(number)" } ] }
    """#
  }

  private func git(_ folder: String, _ arguments: String...) async throws {
    let variables = ["PATH": "/usr/bin:/bin", "GIT_CONFIG_NOSYSTEM": "1", "HOME": folder]
    let process = try ChildProcess(
      ["/usr/bin/git", "-C", folder] + arguments, environment: variables, output: "/dev/null", errors: "/dev/null")
    try await eventually("git ends") { !process.isRunning }
    try #require(process.end == .exited(0))
  }
}
