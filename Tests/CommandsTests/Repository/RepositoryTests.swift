import Foundation
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct RepositoryTests {
  private static func view(_ job: String, reads: String? = nil, keptBy reader: String? = nil) throws -> JobView {
    var view = JobView(job: try JobName(job), description: "", revision: "0123456789abcdef", updated: InstantText(.now))
    view.reads = reads
    view.kept = try reader.map {
      KeptView(
        KeptJob(
          by: try JobName($0), repository: "https://github.com/octo/library.git", file: ".distci/a.json",
          commit: String(repeating: "a", count: 40), branch: "main", build: 4, isDefined: job != "library-x"))
    }
    return view
  }

  private func server() throws -> ScriptedServer {
    let jobs = [
      try Self.view("library", keptBy: "library-files"),
      try Self.view("library-files", reads: "https://github.com/octo/library.git"),
      try Self.view("library-x", keptBy: "library-files"), try Self.view("other"),
    ]
    return try ScriptedServer { request, _ in
      request.method == "GET" ? .json(jobs) : .json(jobs[1])
    }
  }

  @Test func `what is allowed is a job file, which is printed or applied`() async throws {
    let server = try server()
    defer { server.stop() }
    let allow = [
      "repository", "allow", "octo/library", "--label", "linux", "--allow", "deploy", "--other-job", "promote",
      "--pull-requests",
    ]
    let printed = await CommandRun(allow + ["--print"], on: server)
    #expect(printed.status == .good && server.requests.isEmpty, "\(printed.errors)")
    let job = try JobFile.parse(Array(printed.text.utf8), file: "printed")
    let reading = try #require(job.reading)
    #expect(job.name.rawValue == "library-files" && reading.work.repository == "https://github.com/octo/library.git")
    #expect(reading.files.jobs == ["library", "library-*"] && reading.files.labels.map(\.rawValue) == ["linux"])
    #expect(reading.files.allow == [.deploy] && reading.files.otherJobs.map(\.rawValue) == ["promote"])
    #expect(job.pullRequests.map(\.forks) == [.approve])
    #expect(KeptFileBounds(job)?.isOwn("octo/library") ?? false)

    let applied = await CommandRun(allow, on: server)
    #expect(applied.status == .good && applied.text.contains("distci build start library-files"), "\(applied.errors)")
    #expect(server.requests.map(\.target) == ["/api/v1/jobs/library-files"])
    #expect(server.requests.map(\.body) == [Array(job.json.utf8)])
  }

  @Test(arguments: [
    (["--jobs", ""], "glob"), (["--label", "a b"], "a b"), (["--allow", "everything"], "deploy"),
    (["--default-branch", "refs/heads/main"], "refs/heads"), (["--url", "ext::sh -c x"], "transport"),
  ])
  func `what makes no sense is refused before anybody is asked`(options: [String], word: String) async throws {
    let server = try server()
    defer { server.stop() }
    let run = await CommandRun(["repository", "allow", "octo/library"] + options, on: server)
    #expect(run.status == .usage && run.errors.contains(word), "\(run.errors)")
    #expect(server.requests.isEmpty)
  }

  @Test func `repositories are listed with their jobs`() async throws {
    let server = try server()
    defer { server.stop() }
    let run = await CommandRun(["repository", "list"], on: server)
    #expect(run.status == .good && run.text.contains("library, library-x (branches only)"), "\(run.text)")
    #expect(run.text.contains("https://github.com/octo/library.git") && !run.text.contains("other"))
  }

  @Test func `forbidding one deletes first what reads it, then what it keeps`() async throws {
    let server = try server()
    defer { server.stop() }
    let run = await CommandRun(["repository", "forbid", "octo/library"], on: server)
    #expect(run.status == .good, "\(run.errors)")
    let deleted = server.requests.filter { $0.method == "DELETE" }.map(\.target)
    #expect(deleted == ["library-files", "library", "library-x"].map { "/api/v1/jobs/\($0)" })
    let none = await CommandRun(["repository", "forbid", "octo/shop"], on: server)
    #expect(none.status == .failed && none.errors.contains("distci repository list"), "\(none.errors)")
  }
}
