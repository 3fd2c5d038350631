import Coordination
import Model
import ObjectStorage
import SharedRepository
import TestStores
import Testing
import Workers

/// What an approval is for, and what comes between it and its builds.
@Suite(.timeLimit(.minutes(3)))
struct PullRequestApprovalTests {
  private static let repository = "octo/library"
  private static let commit = String(repeating: "a", count: 40)
  private static let trigger = #""triggers": [{ "on": "pull-request", "repository": "octo/library" }]"#

  private func define(_ job: String, _ more: String = "", in workshop: Workshop) async throws {
    let tasks = #""tasks": [{ "name": "test", "type": "execute-shell", "script": "true" }]"#
    try await workshop.defineJob(file: #"{ "job": "\#(job)", \#(Self.trigger), \#(more)\#(tasks) }"#)
  }

  @discardableResult
  private func tell(
    _ workshop: Workshop, base: String = "main", fork: Bool = true, at time: Int64
  ) async throws -> PullRequestTaken {
    let request = BuildCause.PullRequest(
      repository: Self.repository, number: 7, ref: "refs/pull/7/head", branch: "topic", commit: Self.commit, base: base,
      baseCommit: String(repeating: "0", count: 40), isFork: fork)
    let news = PullRequestNews(
      request, identities: [Self.repository], updated: Timestamp(milliseconds: time))
    return try await workshop.repository.take(news, delivery: Delivery(lasting: ["\(time)"]))
  }

  private func approve(
    _ repository: SharedRepository, by who: String = "ann"
  ) async throws -> PullRequestApproval {
    try await repository.approvePullRequest(Self.repository, 7, commit: Self.commit, by: who)
  }

  private let library: JobName
  private let needy: JobName

  init() throws { (library, needy) = (try JobName("library"), try JobName("needy")) }

  private func build(_ job: JobName, _ number: Int = 1) -> BuildID { BuildID(job: job, number: number) }

  @Test(
    "What could not be built when it was approved is started by approving it again, once; what was started is not",
    arguments: StorePair.all)
  func missed(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("library", in: workshop)
      try await define("needy", #""parameters": [{ "name": "who" }], "#, in: workshop)
      try await tell(workshop, at: 1)
      let first = try await approve(workshop.repository)
      #expect(first.started.builds == [build(library)] && !first.started.isRepeat)
      #expect(first.refused.map(\.job.rawValue) == ["needy"] && first.refused.allSatisfy { $0.message.contains("who") })
      // It goes on to be listed, and nothing but the reason changes for who asks again too early.
      #expect(try await workshop.observer.pendingPullRequests().map(\.request.commit) == [Self.commit])
      let early = try await approve(workshop.repository, by: "bob")
      #expect(
        early.started.builds == [build(library)] && early.started.isRepeat && early.refused == first.refused)

      try await define("needy", in: workshop)
      async let here = approve(workshop.repository, by: "bob")
      async let there = approve(workshop.observer, by: "eve")
      let both = try await [here, there]
      let winner = try #require(both.first { !$0.started.isRepeat })
      #expect(winner.started.builds == [build(needy)] && winner.refused.isEmpty)
      #expect(winner.request.approvedBy == "ann" && both.filter(\.started.isRepeat).count == 1)
      for _ in 0..<2 {
        let again = try await approve(workshop.observer)
        #expect(again.started.builds == [build(library), build(needy)] && again.started.isRepeat)
      }
      #expect(try await workshop.observer.pendingPullRequests().isEmpty)
      for job in [library, needy] {
        #expect(try await workshop.observer.builds(of: job, limit: 10).count == 1)
      }
    }
  }

  @Test("Nobody is asked again for what an approval missed and is gone since", arguments: StorePair.all)
  func gone(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("library", in: workshop)
      try await define("needy", #""parameters": [{ "name": "who" }], "#, in: workshop)
      try await tell(workshop, at: 1)
      _ = try await approve(workshop.repository)
      #expect(try await workshop.observer.pendingPullRequests().count == 1)
      try await workshop.defineJob("needy")
      let again = try await approve(workshop.repository)
      #expect(again.started.builds == [build(library)] && again.started.isRepeat && again.refused.isEmpty)
      #expect(try await workshop.observer.pendingPullRequests().isEmpty)
    }
  }

  @Test(
    "What an approval missed and the same head's coming again has started, no approval starts", arguments: StorePair.all
  )
  func startedMeanwhile(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("library", in: workshop)
      try await define("needy", #""parameters": [{ "name": "who" }], "#, in: workshop)
      try await tell(workshop, at: 1)
      _ = try await approve(workshop.repository)
      try await define("needy", in: workshop)
      let taken = try await tell(workshop, at: 2)
      #expect(taken.started.builds == [build(library, 2), build(needy)] && taken.unapproved.isEmpty)
      #expect(try await approve(workshop.repository).started.isRepeat)
      #expect(try await workshop.observer.builds(of: needy, limit: 10).count == 1)
    }
  }

  @Test(
    "An approval is for a commit that is to be merged into one branch, and who gave it is kept short",
    arguments: StorePair.all)
  func base(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("library", in: workshop)
      try await tell(workshop, at: 1)
      // Its base is changed between the look at it and the approval: that is what is approved then.
      try await tell(workshop, base: "release", at: 2)
      #expect(try await workshop.observer.pendingPullRequests().map(\.request.base) == ["release"])
      let approval = try await approve(workshop.repository, by: String(repeating: "ä", count: 10_000))
      #expect(approval.request.base == "release" && approval.started.builds.count == 1)
      let who = try #require(try await workshop.observer.build(build(library)).cause.pullRequest?.approvedBy)
      #expect(who == String(repeating: "ä", count: Pause.longestName / 2) + "…")
      // And once more: nobody has approved this.
      let moved = try await tell(workshop, base: "main", at: 3)
      #expect(moved.started.builds.isEmpty && moved.unapproved.map(\.rawValue) == ["library"])
      #expect(try await workshop.observer.builds(of: library, limit: 10).count == 1)
    }
  }

  @Test(
    "What a stranger's build tells of tests, and of the times of files, is none of the job's", arguments: StorePair.all)
  func strangersTests(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("library", in: workshop)
      let worker = try TestWorker { assignment in
        let who = assignment.plan.request.isOfFork ? "evil" : "own"
        let results = [TestResult(name: "\(who)/test", outcome: .passed, milliseconds: 5)]
        try await assignment.storage.putTests(AttemptTests(results: results, times: ["\(who).t": 5]))
        var performance = Performance(.succeeded)
        performance.tests = 1
        return performance
      }
      try await workshop.withWorkers(worker) {
        let kept = ObjectMap.tests(of: library)
        try await tell(workshop, at: 1)
        for build in try await approve(workshop.repository).started.builds {
          #expect(try await workshop.end(of: build).tasks[0].attempts.last?.tests == 1)
        }
        #expect(try await workshop.observer.builds(of: library, limit: 10).count == 1)
        #expect(try await workshop.observer.objects.entries(in: kept, after: "", limit: 10).isEmpty)
        for build in try await tell(workshop, fork: false, at: 2).started.builds {
          _ = try await workshop.end(of: build)
        }
        #expect(try await workshop.observer.objects.entries(in: kept, after: "", limit: 10).count == 1)
        let tests = try await workshop.observer.tests(of: library, after: nil, limit: 10)
        #expect(tests.map(\.name) == ["own/test"])
      }
      try await workshop.expectNothingLeft()
    }
  }

  @Test("A build that starts while a pull request is being closed is cancelled as well", arguments: StorePair.all)
  func closing(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await define("library", in: workshop)
      let first = try #require(try await tell(workshop, fork: false, at: 1).started.builds.first)
      let session = DisturbedSession(workshop.observer.session, before: .transaction) { _ in
        try await tell(workshop, fork: false, at: 2)
      }
      let closing = SharedRepository(
        session: session, objects: workshop.observer.objects, now: workshop.observer.now)
      #expect(try await closing.closePullRequest(Self.repository, 7) == [first, build(library, 2)])
      // With a shell, their tasks might have ended before they were cancelled.
      try await workshop.withWorkers(try TestWorker(shells: 0)) {
        for number in 1...2 {
          let view = try await workshop.end(of: build(library, number))
          #expect(view.verdict == .cancelled)
        }
      }
      try await workshop.expectNothingLeft()
    }
  }
}
