import Coordination
import Model
import SharedRepository
import TestStores
import Testing
import Workers

/// Builds that begin with their creation.
@Suite(.timeLimit(.minutes(2)))
struct BeginTests {
  @Test(
    "The first task of a build waits for no build-control worker: it is posted in the transaction of the trigger",
    arguments: StorePair.all)
  func atOnce(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      // The folders are there from now on.
      _ = try await workshop.start("foo")
      let before = workshop.coordination.counts
      let build = try await workshop.start("foo")
      #expect((workshop.coordination.counts - before).transactions == 1)
      #expect(try await workshop.observer.queuedTickets(limit: 10).map(\.kind) == [.executeShell, .executeShell])
      let view = try await workshop.observer.build(build)
      #expect(view.started != nil && view.tasks.map(\.status) == [.queued, .waiting])
      try await workshop.withWorkers(try TestWorker(controls: 0)) {
        // Build-control is called once for each build, when its first task has ended.
        try await workshop.waitForChange([NodeMap.build(build)]) {
          try await workshop.observer.queuedTickets(limit: 10).map(\.kind) == [.buildControl, .buildControl]
        }
        try await workshop.withWorkers(try TestWorker(shells: 0)) {
          let verdict = try await workshop.end(of: build).verdict
          #expect(verdict == .succeeded)
        }
      }
    }
  }

  @Test("What the news of the first attempt tells of its build is what was created", arguments: StorePair.all)
  func firstState(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      let repository = workshop.repository
      try await workshop.defineJob(
        file: #"""
          { "job": "foo", "parameters": [{ "name": "TARGET", "default": "all" }], "tasks": [
            { "name": "a", "type": "execute-shell", "script": "true" },
            { "name": "b", "type": "execute-shell", "script": "true", "needs": [], "when": { "event": ["push"] } },
            { "name": "c", "type": "execute-shell", "script": "true", "needs": ["a", "b"] }] }
          """#)
      let prepared = try await prepare("foo", in: workshop, parameters: ["TARGET": "some"])
      guard case .attempt(let attempt) = try #require(prepared.tickets.first).work else {
        Issue.record("the build did not begin")
        return
      }
      let outcome = AttemptOutcome(
        task: 0, attempt: 1, token: "x", worker: "x", verdict: .succeeded, started: repository.now(),
        finished: repository.now())
      var news = Ticket.advance(.ended(outcome), after: attempt.request, at: repository.now())
      #expect(try await repository.firstState(of: news) == nil)
      news.begun = BegunBuild(attempt)
      // Time has gone on since.
      let told = try #require(try await repository.firstState(of: news))
      let (data, _) = try await repository.nodeData(of: told.record)
      guard case .create(_, let created, _) = prepared.creation else {
        Issue.record("a build is created by something else: \(prepared.creation)")
        return
      }
      #expect(told.version == 0 && data == created)
      // What does not fit the build's plan counts for nothing.
      var other = news
      other.work = .advance(.start)
      #expect(try await repository.firstState(of: other) == nil)
      var second = outcome
      second.attempt = 2
      other.work = .advance(.ended(second))
      #expect(try await repository.firstState(of: other) == nil)
      var larger = attempt
      larger.beginning?.taskCount = 4
      news.begun = BegunBuild(larger)
      #expect(try await repository.firstState(of: news) == nil)
    }
  }

  @Test("Only the news of the attempt that was posted with its build tell of the build", arguments: StorePair.all)
  func news(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob("foo", tasks: 2)
      let build = try await workshop.start("foo")
      for isFirst in [true, false] {
        try await workshop.withWorkers(try TestWorker(controls: 0)) {
          try await wait(for: build, until: .buildControl, isQueued: workshop)
        }
        let news = try #require(try await calls(workshop).first)
        #expect((news.begun != nil) == isFirst)
        #expect(try await workshop.repository.firstState(of: news) != nil || !isFirst)
        try await workshop.withWorkers(try TestWorker(shells: 0)) {
          if isFirst {
            try await wait(for: build, until: .executeShell, isQueued: workshop)
          } else {
            let verdict = try await workshop.end(of: build).verdict
            #expect(verdict == .succeeded)
          }
        }
      }
      try await workshop.expectNothingLeft()
    }
  }

  private func wait(for build: BuildID, until kind: TaskKind, isQueued workshop: Workshop) async throws {
    try await workshop.waitForChange([NodeMap.build(build)]) {
      try await workshop.observer.queuedTickets(limit: 10).map(\.kind) == [kind]
    }
  }

  /// The tickets that wait for build-control.
  private func calls(_ workshop: Workshop) async throws -> [Ticket] {
    let session = workshop.observer.session
    var paths = [NodeMap.queues(.buildControl)]
    // Labels, spans, parts, entries.
    for _ in 0..<4 {
      var below: [NodePath] = []
      for path in paths { below += (try await session.children(of: path) ?? []).map { path / $0 } }
      paths = below
    }
    var tickets: [Ticket] = []
    for path in paths {
      if let node = try await session.read(path) { tickets.append(try JSONBytes.decode(Ticket.self, from: node.data)) }
    }
    return tickets
  }

  /// What needs more than a request and the text of a job.
  private static let others = [
    "two first tasks": #""tasks": [\#(task("a")), \#(task("b", more: #", "needs": []"#))]"#,
    "a limit of time": #""timeout": "60s", "tasks": [\#(task("a"))]"#,
    "a place in a group": #""concurrency": { "group": "g" }, "tasks": [\#(task("a"))]"#,
    "a place in an environment": #""tasks": [\#(task("a", more: #", "deploy": { "environment": "stage" }"#))]"#,
    "nothing to do": #""tasks": [\#(task("a", more: #", "when": { "event": ["push"] }"#))]"#,
    "many tasks": #""tasks": [\#((1...33).map { task("t\($0)") }.joined(separator: ", "))]"#,
  ]

  private static func task(_ name: String, more: String = "") -> String {
    #"{ "name": "\#(name)", "type": "execute-shell", "script": "true"\#(more) }"#
  }

  @Test(
    "Build-control begins what needs more: an order, a time, a place; or has nothing to do",
    arguments: StorePair.all, others.keys.sorted())
  func leftToBuildControl(_ pair: StorePair, _ what: String) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: #"{ "job": "foo", \#(try #require(Self.others[what])) }"#)
      let prepared = try await prepare("foo", in: workshop)
      #expect(prepared.tickets.map(\.queue.kind) == [.buildControl])
      try await workshop.withWorkers(try TestWorker()) {
        let view = try await workshop.end(of: try await workshop.start("foo"))
        #expect(view.verdict == .succeeded)
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build with large parameters begins later, and one of a paused job does not begin", arguments: StorePair.all)
  func heldBack(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(
        file: #"{ "job": "foo", "parameters": [{ "name": "A", "default": "" }], "tasks": [\#(Self.task("a"))] }"#)
      let text = String(repeating: "x", count: 3_000)
      let large = try await prepare("foo", in: workshop, parameters: ["A": text])
      #expect(large.tickets.map(\.queue.kind) == [.buildControl] && large.tickets[0].created == nil)
      let job = PauseSubject.job(try JobName("foo"))
      try await workshop.repository.pause(job, by: "ada", reason: nil)
      #expect(try await prepare("foo", in: workshop).tickets.map(\.queue.kind) == [.buildControl])
      try await workshop.repository.resume(job)
      #expect(try await prepare("foo", in: workshop).tickets.map(\.queue.kind) == [.executeShell])
    }
  }

  private func prepare(
    _ job: String, in workshop: Workshop, parameters: [String: String] = [:]
  ) async throws -> PreparedBuild {
    var numbers = BuildNumbers()
    var groups = GroupBook(session: workshop.repository.session, now: workshop.repository.now)
    return try await workshop.repository.prepare(
      StartRequest(job: try JobName(job), parameters: parameters), requestID: RequestID.make(), &numbers, &groups)
  }
}
