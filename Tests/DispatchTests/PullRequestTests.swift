import Coordination
import Model
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

@Suite(.timeLimit(.minutes(4)))
struct PullRequestTests {
  private let library: JobName

  init() throws { library = try JobName("library") }

  private static let repository = "octo/library"

  /// A job that tests, deploys and is followed by another one.
  private func define(_ workshop: Workshop, _ trigger: String = "") async throws {
    try await workshop.defineJob("next")
    try await workshop.defineJob(
      file: #"""
        { "job": "library",
          "triggers": [{ "on": "pull-request", "repository": "octo/library", "branches": ["main"]\#(trigger) }],
          "tasks": [{ "name": "test", "type": "execute-shell", "script": "true" },
            { "name": "ship", "type": "execute-shell", "script": "true", "deploy": { "environment": "stage" } }],
          "then": [{ "job": "next", "on": "always" }] }
        """#)
  }

  private func commit(_ letter: Character) -> String { String(repeating: letter, count: 40) }

  private func news(
    _ head: Character, number: Int = 7, fork: Bool, base: String = "main", updated: Int64? = nil
  ) -> PullRequestNews {
    let request = BuildCause.PullRequest(
      repository: Self.repository, number: number, ref: "refs/pull/\(number)/head", branch: "topic",
      commit: commit(head), base: base, baseCommit: commit("0"), isFork: fork)
    return PullRequestNews(
      request, identities: [Self.repository], updated: updated.map { Timestamp(milliseconds: $0) })
  }

  private func delivery(_ name: String) -> Delivery { Delivery(lasting: [name]) }

  /// Runs a test with a worker whose shell tasks go on until they are stopped where their build's commit is held.
  private func story(
    _ pair: StorePair, _ body: @escaping @Sendable (Workshop, _ held: Held) async throws -> Void
  ) async throws {
    try await Workshop.open(pair) { workshop in
      let held = Held()
      let worker = try TestWorker(shells: 3) { assignment in
        if held.has(assignment.attempt.request.origin.commit) { try await untilStopped() }
        return Performance(.succeeded)
      }
      try await workshop.withWorkers(worker) { try await body(workshop, held) }
      try await workshop.expectNothingLeft()
    }
  }

  private final class Held: Sendable {
    private let commits = Mutex<Set<String>>([])

    func hold(_ commit: String) { _ = commits.withLock { $0.insert(commit) } }

    func has(_ commit: String?) -> Bool { commits.withLock { commits in commit.map(commits.contains) ?? false } }
  }

  private func build(_ number: Int) -> BuildID { BuildID(job: library, number: number) }

  @Test(
    "A branch of the same repository is built when it is opened and when it moves on, once however often it is told, and what runs is cancelled when it is closed",
    arguments: StorePair.all)
  func own(_ pair: StorePair) async throws {
    try await story(pair) { workshop, held in
      try await define(workshop)
      let opened = try await workshop.repository.take(news("a", fork: false), delivery: delivery("1"))
      #expect(opened.started.isOf([build(1)], isRepeat: false) && opened.unapproved == [])
      let again = try await workshop.repository.take(news("a", fork: false), delivery: delivery("1"))
      #expect(again.started.isOf([build(1)], isRepeat: true))
      let first = try await workshop.end(of: build(1))
      #expect(first.verdict == .succeeded && first.tasks.allSatisfy { $0.verdict == .succeeded })
      #expect(first.startedBuilds.map(\.job.rawValue) == ["next"])
      let cause = first.cause
      #expect(cause.event == "pull-request" && cause.repository == Self.repository && cause.commit == commit("a"))
      #expect(cause.pullRequest?.number == 7 && cause.pullRequest?.branch == "topic")
      #expect(cause.pullRequest?.base == "main" && cause.pullRequest?.fork == false)
      // It moves on, and two hooks tell two frontends at once; another request moves as well.
      held.hold(commit("b"))
      async let here = workshop.repository.take(news("b", fork: false), delivery: delivery("2"))
      async let there = workshop.observer.take(news("b", fork: false), delivery: delivery("2"))
      let both = try await [here, there].map(\.started)
      #expect(both.map(\.builds) == [[build(2)], [build(2)]] && both.filter { !$0.isRepeat }.count == 1)
      let other = try await workshop.repository.take(news("b", number: 8, fork: false), delivery: delivery("3"))
      for number in [2, 3] { try await workshop.wait(for: build(number)) { $0.started != nil } }
      #expect(other.started.builds == [build(3)])
      #expect(try await workshop.repository.closePullRequest("Octo/Library", 7) == [build(2)])
      let cancelled = try await workshop.end(of: build(2))
      #expect(cancelled.verdict == .cancelled)
      #expect(cancelled.cancelledBy == "the closing of the pull request octo/library#7")
      #expect(try await workshop.repository.closePullRequest(Self.repository, 7) == [])
      #expect(try await workshop.observer.build(build(3)).cancelledBy == nil)
      #expect(try await workshop.repository.closePullRequest(Self.repository, 8) == [build(3)])
      #expect(try await workshop.end(of: build(3)).verdict == .cancelled)
      // What is to be merged elsewhere is nobody's business.
      let elsewhere = try await workshop.repository.take(
        news("c", fork: false, base: "topic"), delivery: delivery("4"))
      #expect(elsewhere.started.builds == [])
      for number in 1...3 { _ = try await workshop.end(of: BuildID(job: try JobName("next"), number: number)) }
    }
  }

  @Test(
    "Nothing of a fork runs before somebody has approved that very commit; what it builds deploys nothing and starts nothing",
    arguments: StorePair.all)
  func fork(_ pair: StorePair) async throws {
    try await story(pair) { workshop, _ in
      try await define(workshop)
      for isRepeat in [false, true] {
        let taken = try await workshop.repository.take(news("a", fork: true, updated: 1), delivery: delivery("1"))
        #expect(taken.started.isOf([], isRepeat: isRepeat) && taken.unapproved == [library])
      }
      #expect(try await workshop.observer.builds(of: library, limit: 10).isEmpty)
      #expect(try await pending(workshop) == ["7 a"])
      await refused(.conflict) { try await approve("b", workshop) }
      await refused(.invalid) { try await approve("a", digits: 39, workshop) }
      await refused(.notFound) { try await approve("a", number: 8, workshop) }
      // Two people at two frontends, at once.
      async let ann = approve("a", workshop, by: "ann")
      async let bob = workshop.observer.approvePullRequest(Self.repository, 7, commit: commit("a"), by: "bob")
      let approvals = try await [ann, bob]
      #expect(approvals.map(\.started.builds) == [[build(1)], [build(1)]])
      let winner = try #require(approvals.first { !$0.started.isRepeat }?.request.approvedBy)
      #expect(approvals.map(\.request.approvedBy) == [winner, winner])
      try await expectHarmless(build(1), workshop)
      #expect(try await workshop.observer.build(build(1)).cause.pullRequest?.approvedBy == winner)
      #expect(try await pending(workshop) == [])
      // A force-push is another commit. News of the earlier head that come late change nothing.
      let moved = try await workshop.repository.take(news("b", fork: true, updated: 3), delivery: delivery("2"))
      #expect(moved.started.builds == [] && moved.unapproved == [library])
      _ = try await workshop.repository.take(news("c", fork: true, updated: 2), delivery: delivery("late"))
      #expect(try await pending(workshop) == ["7 b"])
      await refused(.conflict) { try await approve("a", workshop) }
      // Back again: who approved it before has not approved what came in between.
      _ = try await workshop.repository.take(news("a", fork: true, updated: 4), delivery: delivery("3"))
      #expect(try await workshop.observer.builds(of: library, limit: 10).count == 1)
      #expect(try await approve("a", workshop).started.isOf([build(2)], isRepeat: false))
      #expect(try await workshop.end(of: build(2)).verdict == .succeeded)
      // The same head once more, as when it is closed and opened at once, is approved already.
      let same = try await workshop.repository.take(news("a", fork: true, updated: 5), delivery: delivery("4"))
      #expect(same.started.builds == [build(3)] && same.unapproved == [])
      try await expectHarmless(build(3), workshop)
      // Done once more, it may no more than before.
      let retrial = try await workshop.repository.retry(build(1), .all, by: "eve").builds
      #expect(retrial == [build(4)])
      try await expectHarmless(build(4), workshop)
      _ = try await workshop.repository.take(news("d", fork: true, updated: 6), delivery: delivery("5"))
      #expect(try await workshop.repository.closePullRequest(Self.repository, 7) == [])
      #expect(try await pending(workshop) == [])
      await refused(.notFound) { try await approve("d", workshop) }
    }
  }

  @Test("A job may build forks at once, or never", arguments: StorePair.all)
  func choices(_ pair: StorePair) async throws {
    try await story(pair) { workshop, _ in
      try await define(workshop, #", "forks": "build""#)
      let built = try await workshop.repository.take(news("a", fork: true), delivery: delivery("1"))
      #expect(built.started.builds == [build(1)] && built.unapproved == [] && built.ignored == [])
      try await expectHarmless(build(1), workshop)
      let retrial = try await workshop.repository.retry(build(1), .all, by: "eve").builds
      try await expectHarmless(try #require(retrial.first), workshop)
      // Who copies the artifacts of the latest build does not get a stranger's.
      #expect(try await workshop.repository.latestBuild(of: library, succeeded: true) == nil)
      try await define(workshop, #", "forks": "ignore""#)
      let ignored = try await workshop.repository.take(news("b", fork: true), delivery: delivery("2"))
      #expect(ignored.started.builds == [] && ignored.unapproved == [] && ignored.ignored == [library])
      #expect(try await pending(workshop) == [])
      let own = try await workshop.repository.take(news("b", number: 9, fork: false), delivery: delivery("3"))
      let view = try await workshop.end(of: try #require(own.started.builds.first))
      #expect(view.tasks.allSatisfy { $0.verdict == .succeeded })
      _ = try await workshop.end(of: BuildID(job: try JobName("next"), number: 1))
    }
  }

  @Test("So many wait of one repository, and so long, as nobody minds")
  func bounds() async throws {
    try await Workshop.open(.embedded) { workshop in
      try await define(workshop)
      for number in 1...PullRecord.mostOfRepository + 2 {
        _ = try await workshop.repository.take(
          news("a", number: number, fork: true), delivery: delivery(String(number)))
      }
      let waiting = try await workshop.observer.pendingPullRequests().map(\.request.number)
      #expect(waiting == Array(3...PullRecord.mostOfRepository + 2))
      var sweep = PullSweep(session: workshop.repository.session, now: workshop.repository.now)
      try await sweep.next()
      #expect(try await workshop.observer.pendingPullRequests(of: Self.repository).count == waiting.count)
      workshop.pass(PullRecord.lifetime)
      try await sweep.next()
      #expect(try await workshop.observer.session.entries(inBucketsOf: NodeMap.pulls) == [])
    }
  }

  /// It tested, deployed nothing, and started nothing.
  private func expectHarmless(_ build: BuildID, _ workshop: Workshop) async throws {
    let view = try await workshop.end(of: build)
    #expect(view.verdict == .succeeded && view.tasks.map(\.verdict) == [.succeeded, .skipped])
    #expect(view.tasks[1].reason?.contains("octo/library#7 comes from a fork") ?? false)
    #expect(view.startedBuilds == [])
    #expect(view.notes.contains { $0.contains("next was not started") }, "\(view.notes)")
  }

  @Test("What reads a repository's job files reads a fork's anew once its commit is approved", arguments: StorePair.all)
  func readAnew(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(
        file: """
          { "job": "files", "triggers": [{ "on": "pull-request", "repository": "\(Self.repository)", "forks": "build" }],
            "tasks": [{ "name": "read", "type": "git-checkout", "repository": "https://example.org/octo/library",
              "jobFiles": { "jobs": ["library"] } }] }
          """)
      let files = try JobName("files")
      let taken = try await workshop.repository.take(news("a", fork: true), delivery: delivery("1"))
      #expect(taken.started.builds == [BuildID(job: files, number: 1)] && taken.unapproved == [files])
      let approval = try await approve("a", workshop)
      #expect(approval.started.builds == [BuildID(job: files, number: 2)])
      for (number, who) in [(1, nil), (2, "ann")] {
        let view = try await workshop.observer.build(BuildID(job: files, number: number))
        #expect(view.cause.pullRequest?.approvedBy == who)
      }
    }
  }

  @discardableResult
  private func approve(
    _ head: Character, number: Int = 7, digits: Int = 40, _ workshop: Workshop, by who: String = "ann"
  ) async throws -> PullRequestApproval {
    try await workshop.repository.approvePullRequest(
      Self.repository, number, commit: String(commit(head).prefix(digits)), by: who)
  }

  private func refused(
    _ code: RepositoryError.Code, _ body: @Sendable () async throws -> PullRequestApproval
  ) async {
    let error = await #expect(throws: RepositoryError.self) { try await body() }
    #expect(error?.code == code && error?.remedy.isEmpty == false)
  }

  /// Numbers and heads.
  private func pending(_ workshop: Workshop) async throws -> [String] {
    try await workshop.observer.pendingPullRequests(of: Self.repository).map {
      "\($0.request.number) \($0.request.commit.prefix(1))"
    }
  }
}

extension Started {
  fileprivate func isOf(_ builds: [BuildID], isRepeat: Bool) -> Bool {
    self.builds == builds && self.isRepeat == isRepeat
  }
}
