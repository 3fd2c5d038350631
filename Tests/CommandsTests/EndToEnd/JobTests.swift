import Foundation
import Glibc
import Model
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct JobTests {
  private static let library = #"{"job": "library", "tasks": [{"name": "a", "type": "execute-shell", "script": "x"}]}"#
  private static let wrong = #"{"job": "wrong", "tasks": [{"name": "a", "type": "execute-shel"}]}"#

  private func inFolder(_ files: [String: String], _ body: (String) async throws -> Void) async throws {
    let folder = FileManager.default.temporaryDirectory.path + "/distci-test-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for (name, text) in files { try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name)) }
    try await body(folder)
  }

  private func server() throws -> ScriptedServer {
    try ScriptedServer { request, _ in
      guard let name = request.target.split(separator: "/").last, let job = try? JobName(String(name)) else {
        return .nothing
      }
      return .json(JobView(job: job, description: "", revision: "0123456789abcdef", updated: InstantText(.now)))
    }
  }

  @Test func `a folder's jobs are applied as they were written`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder(["library.json": Self.library, "job.schema.json": "{}", "notes.txt": "no job"]) {
      (folder: String) async throws in
      let run = await CommandRun(["job", "apply", folder], on: server)
      #expect(run.status == .good)
      #expect(run.text == "library: applied, revision 0123456789ab\n")
      #expect(server.requests.map(\.method) == ["PUT"])
      #expect(server.requests.map(\.target) == ["/api/v1/jobs/library"])
      #expect(server.requests.map(\.body) == [Array(Self.library.utf8)])
    }
  }

  @Test func `one wrong file and nothing is applied`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder(["library.json": Self.library, "wrong.json": Self.wrong]) { (folder: String) async throws in
      let run = await CommandRun(["job", "apply", folder], on: server)
      #expect(run.status == .failed)
      #expect(run.errors.contains("\(folder)/wrong.json:1:"))
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `of a file no more is read than a job may have, and no pipe or folder is waited for`() async throws {
    try await inFolder([:]) { (folder: String) async throws in
      let (large, pipe) = ("\(folder)/large.json", "\(folder)/pipe.json")
      try Data().write(to: URL(fileURLWithPath: large))
      let handle = try #require(FileHandle(forWritingAtPath: large))
      try handle.truncate(atOffset: 100 << 20)
      try handle.close()
      #expect(
        try await JobSources.read([large, "/dev/zero"]).map(\.text.count) == [JobLimits.bytes + 1, JobLimits.bytes + 1])
      #expect(unsafe mkfifo(pipe, 0o600) == 0)
      try FileManager.default.createDirectory(atPath: "\(folder)/folder.json", withIntermediateDirectories: false)
      let rows = [
        (large, "more than the 1048576 bytes"), (pipe, "the text is empty"), (folder, "cannot be read"),
        ("\(folder)/folder.json", "holds no job files"), ("\(folder)/none", "No such file"),
      ]
      for command in ["validate", "apply"] {
        for (name, message) in rows {
          let run = await CommandRun(["job", command, name])
          #expect(run.status != .good && (run.errors + run.text).contains(message), "\(name): \(run.errors)\(run.text)")
        }
      }
    }
  }

  @Test func `two files for one job are refused`() async throws {
    let server = try server()
    defer { server.stop() }
    try await inFolder(["a.json": Self.library, "b.json": Self.library]) { (folder: String) async throws in
      #expect(await CommandRun(["job", "apply", folder], on: server).status == .usage)
      #expect(server.requests.isEmpty)
    }
  }

  @Test func `validating says where everything that is wrong stands`() async throws {
    try await inFolder(["library.json": Self.library, "wrong.json": Self.wrong]) { (folder: String) async throws in
      let good = await CommandRun(["job", "validate", folder + "/library.json"])
      #expect(good.status == .good)
      let both = await CommandRun(["job", "validate", folder + "/library.json", folder + "/wrong.json"])
      #expect(both.status == .failed)
      #expect(both.text.contains("library.json: ok"))
      #expect(both.errors.contains("wrong.json:1:"))
      let json = await CommandRun(["job", "validate", "--json", folder])
      let diagnostics = try JSONBytes.decode([DiagnosticView].self, from: json.output)
      #expect(diagnostics.allSatisfy { $0.line == 1 && $0.file.hasSuffix("/wrong.json") })
      #expect(!diagnostics.isEmpty)
    }
  }

  @Test func `a file that is not there is said to be so`() async {
    let run = await CommandRun(["job", "validate", "/nonexistent/job.json"])
    #expect(run.status == .failed)
    #expect(run.errors.hasPrefix("error: \"/nonexistent/job.json\" cannot be read: No such file or directory\n"))
  }

  @Test func `the schema is printed as it is`() async {
    #expect(await CommandRun(["job", "schema"]).text == JobSchema.text)
  }

  @Test func `a description cannot give a terminal orders`() async throws {
    let job = JobView(
      job: try JobName("library"), description: "\u{1B}]0;owned\u{07}\nsecond", revision: "", updated: InstantText(.now)
    )
    let server = try ScriptedServer { _, _ in .json([job]) }
    defer { server.stop() }
    let run = await CommandRun(["job", "list"], on: server, terminal: true)
    #expect(run.text.contains("\u{FFFD}]0;owned\u{FFFD} second"))
  }

  @Test func `machines get what the server says`() async throws {
    let server = try server()
    defer { server.stop() }
    let run = await CommandRun(["job", "show", "library", "--json"], on: server)
    #expect(try JSONBytes.decode(JobView.self, from: run.output).job.rawValue == "library")
  }
}
