import Foundation
import Model
import Synchronization
import Testing

@testable import Commands

@Suite(.timeLimit(.minutes(2))) struct BuildTests {
  @Test func `a build is asked for with its parameters`() async throws {
    let view = try BuildFixture.view(tasks: [])
    let server = try ScriptedServer { _, _ in .json(view, status: 201) }
    defer { server.stop() }
    let run = await CommandRun(
      ["build", "start", "library", "--parameter", "a=1", "--parameter", "b=", "--by", "ann"], on: server)
    #expect(run.status == .good)
    #expect(run.text == "library/12: started\n")
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/api/v1/jobs/library/builds")
    #expect(
      String(decoding: request.body, as: UTF8.self) == #"{"by":"ann","parameters":{"a":"1","b":""}}"#)
  }

  @Test func `a request that was cut off is sent again under the same key`() async throws {
    let view = try BuildFixture.view(tasks: [])
    let server = try ScriptedServer { _, server in server.requests.count < 3 ? .nothing : .json(view) }
    defer { server.stop() }
    #expect(await CommandRun(["build", "start", "library"], on: server).status == .good)
    let keys = server.requests.map { $0.headers["idempotency-key"] ?? "" }
    #expect(keys.count == 3)
    #expect(Set(keys).count == 1)
    #expect(keys.first?.isEmpty == false)
  }

  @Test(arguments: [(Verdict.succeeded, Int32(0)), (.failed, 1), (.errored, 1), (.cancelled, 1), (.timedOut, 1)])
  func `waiting ends as the build does`(_ verdict: Verdict, _ status: Int32) async throws {
    let running = try BuildFixture.view(tasks: [("test", .running, nil)])
    let ended = try BuildFixture.view(verdict: verdict, tasks: [("test", .ended, verdict)])
    let server = try ScriptedServer { _, server in .json(server.requests.count < 3 ? running : ended) }
    defer { server.stop() }
    let run = await CommandRun(["build", "start", "library", "--wait"], on: server)
    #expect(run.status.rawValue == status)
    #expect(run.errors == "library/12 test: running\nlibrary/12 test: \(verdict.rawValue)\n")
    #expect(run.text.contains("library/12: \(verdict.rawValue) after 9 s"))
  }

  @Test func `waiting goes on while the server is replaced`() async throws {
    let running = try BuildFixture.view(tasks: [("test", .running, nil)])
    let ended = try BuildFixture.view(verdict: .succeeded, tasks: [("test", .ended, .succeeded)])
    let next = Mutex<ScriptedServer?>(nil)
    // It dies in the middle of a wait; the next one comes to the same address only when a client has noticed.
    let first = try ScriptedServer { request, server in
      guard request.target.contains("wait=") else { return .json(running) }
      server.stop()
      Thread.detachNewThread {
        while next.withLock({ $0 }) == nil {
          let replacement = try? ScriptedServer(port: server.port) { request, _ in .json(ended) }
          next.withLock { $0 = replacement }
        }
      }
      return .nothing
    }
    defer { next.withLock { $0 }?.stop() }
    let run = await CommandRun(["build", "start", "library", "--wait"], on: first)
    #expect(run.status == .good)
    #expect(run.text.contains("library/12: succeeded"))
    #expect(run.errors.contains("trying again"))
  }

  @Test func `machines get the ended build and nothing else`() async throws {
    let ended = try BuildFixture.view(verdict: .failed, tasks: [("test", .ended, .failed)])
    let server = try ScriptedServer { _, _ in .json(ended) }
    defer { server.stop() }
    let run = await CommandRun(["build", "start", "library", "--wait", "--json"], on: server)
    #expect(run.status == .failed)
    #expect(try JSONBytes.decode(BuildView.self, from: run.output) == ended)
  }

  @Test func `on a terminal the progress is one line that is taken away`() async throws {
    let running = try BuildFixture.view(tasks: [("test", .running, nil)])
    let ended = try BuildFixture.view(verdict: .succeeded, tasks: [("test", .ended, .succeeded)])
    let server = try ScriptedServer { _, server in .json(server.requests.count < 3 ? running : ended) }
    defer { server.stop() }
    let run = await CommandRun(["build", "start", "library", "--wait"], on: server, terminal: true)
    #expect(!run.errors.contains("\n"))
    #expect(run.errors.contains("running: test"))
    #expect(run.errors.hasSuffix("\r\u{1B}[K"))
  }

  @Test func `what started a build is said in words, and who never had a worker has none`() async throws {
    var view = try BuildFixture.view(verdict: .cancelled, tasks: [("test", .ended, .cancelled)])
    let first = BuildID(job: try JobName("tests"), number: 3)
    let second = BuildID(job: try JobName("style"), number: 4)
    view.cause = CauseView(.continuation(of: first), together: [second])
    let time = Timestamp(milliseconds: 1_700_000_000_000)
    view.tasks[0].attempts = [
      AttemptView(
        AttemptOutcome(
          task: 0, attempt: 1, token: "", worker: "", verdict: .cancelled, started: time, finished: time))
    ]
    let shown = view
    let server = try ScriptedServer { _, _ in .json(shown) }
    defer { server.stop() }
    let text = await CommandRun(["build", "show", "library/12"], on: server).text
    #expect(text.contains(", by continuation after the build tests/3 with style/4\n"))
    #expect(text.contains(#/test +execute-shell +cancelled +1 +0 ms +-/#))
  }

  @Test func `long lists are asked for in pages`() async throws {
    let all = (1...700).map { String(format: "job-%04d", $0) }
    let server = try ScriptedServer { request, _ in
      let query = URLComponents(string: request.target)?.queryItems ?? []
      let after = query.first { $0.name == "after" }?.value ?? ""
      let limit = query.first { $0.name == "limit" }?.value.flatMap { Int($0) } ?? 0
      let page = all.filter { $0 > after }.prefix(limit)
      return .json(
        page.compactMap { name in
          try? JobView(
            job: JobName(name), description: "", revision: "", updated: InstantText(Timestamp(milliseconds: 0)))
        })
    }
    defer { server.stop() }
    let run = await CommandRun(["job", "list", "--json"], on: server)
    #expect(try JSONBytes.decode([JobView].self, from: run.output).map(\.job.rawValue) == all)
    #expect(server.requests.count == 2)
    let few = await CommandRun(["job", "list", "--json", "--limit", "3"], on: server)
    #expect(try JSONBytes.decode([JobView].self, from: few.output).count == 3)
  }
}
