import Foundation
import Model
import TestStores
import Testing

@Suite("Whole chains of jobs, each process by itself", .serialized, .timeLimit(.minutes(3)))
struct ChainTrials {
  @Test("The sample chain is green", arguments: StorePair.all)
  func sampleChain(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything()
      let repository = try await site.defineChain()
      let builds = try await site.chainEnds(site.start("library", parameters: ["repository": repository.url]))
      let tasks = builds.flatMap(\.tasks)
      #expect(tasks.allSatisfy { $0.attempts.count == 1 })
      #expect(Set(tasks.flatMap(\.attempts).compactMap(\.worker)).count == 4, "each kind has its worker")
    }
  }

  @Test("A job file of 2013 runs as it did, with what it copies and what it starts", arguments: StorePair.all)
  func jobOf2013(_ pair: StorePair) async throws {
    try await Site.open(pair) { site in
      _ = try await site.everything(options: ["--label", "debian7"])
      let makefile = """
        all:
        \tmkdir -p dist
        \tcp ../deps/dist/up.egg dist/distci.egg
        \techo built > build.log
        tests:
        \techo tested

        """
      let repository = try await LocalRepository(
        site.folder.path + "/distci", branch: "master", files: ["Makefile": makefile])
      try await site.defineJob(
        file: #"""
          { "job": "upstream-job", "tasks": [
            { "name": "make", "type": "execute-shell", "script": "mkdir dist && echo egg > dist/up.egg" },
            { "name": "publish", "type": "publish-artifacts", "files": ["dist/*.egg"] }] }
          """#)
      try await site.defineCountingJob("other-job")
      let upstream = try await site.end(of: try await site.start("upstream-job"))
      #expect(upstream.verdict == .succeeded)
      try site.folder.write(ChainTrials.job(repository.url), to: "2013.json")
      #expect(try await site.command("job", "apply", site.folder.path + "/2013.json").contains("distci: applied"))

      let view = try await site.end(of: try await site.start("distci"))
      #expect(view.verdict == .succeeded, "\(view)")
      #expect(view.startedBuilds.map(\.job.rawValue) == ["other-job"])
      #expect(try await site.end(of: try #require(view.startedBuilds.first).id).verdict == .succeeded)
      let list = try await site.command("artifact", "list", "distci/1", "--json")
      let artifacts = try JSONDecoder().decode([ArtifactView].self, from: Data(list.utf8))
      #expect(artifacts.map(\.path).sorted() == ["distci/build.log", "distci/dist/distci.egg"])
    }
  }

  /// The ancestor's own job, but for the address of its repository.
  private static func job(_ repository: String) -> String {
    #"""
    { "configuration-version": "2013-02-26", "job_id": "distci",
      "tasks": [
        {"type":"git-checkout","params":{"repository":"\#(repository)","ref":"refs/heads/master","checkout-dir":"distci"}},
        {"type":"copy-artifacts","params":{"job":"upstream-job","artifacts":["dist/*.egg"],"target_directory":"deps"}},
        {"type":"execute-shell","params":{"working_directory":"distci","script":"make tests\nmake\n","timeout":600,"nodelabels":["debian7"]}},
        {"type":"publish-artifacts","params":{"artifacts":["distci/dist/*.egg","distci/build.log"]}} ],
      "downstream_jobs": ["other-job"], "triggers": [{"type":"github-webhook","params":null}] }
    """#
  }
}
