import Testing

@testable import Model

/// What a pull request comes to in a plan.
struct PullRequestPlanTests {
  private static let job = #"""
    {"job":"j","concurrency":{"group":"j-${pullRequest}"},"tasks":[
      {"name":"test","type":"execute-shell","script":"x","environment":{"A":"${branch} ${commit} ${event} ${pullRequest}"},
        "when":{"event":["pull-request"],"branch":["topic/*"]}},
      {"name":"promote","type":"git-promote","repository":"https://example.org/o/n.git","ref":"green"},
      {"name":"ship","type":"execute-shell","script":"x","deploy":true},
      {"name":"ship-to","type":"execute-shell","script":"x","deploy":{"environment":"stage"},"matrix":{"m":["a"]}},
      {"name":"last","type":"execute-shell","script":"x"}]}
    """#

  private func pull(isFork: Bool, approvedBy: String? = nil) -> BuildCause {
    .pullRequest(
      BuildCause.PullRequest(
        repository: "o/n", number: 7, ref: "refs/pull/7/head", branch: "topic/x", commit: "c0ffee", base: "main",
        baseCommit: "abc", isFork: isFork, approvedBy: approvedBy))
  }

  private func request(
    _ cause: BuildCause, _ parameters: [ParameterName: String] = [:], repeating earlier: BuildCause? = nil
  ) throws -> BuildRequest {
    BuildRequest(
      build: BuildID(job: try JobName("j"), number: 1), requestID: "r", jobRevision: "", parameters: parameters,
      cause: cause, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0,
      frozen: earlier.map { FrozenInputs(cause: $0) })
  }

  @Test func valuesAreThoseOfTheHead() throws {
    let request = try request(pull(isFork: false))
    let (job, values) = (try JobFile.parse(Self.job), request.values)
    let plan = try Plan(request, of: job)
    guard case .executeShell(let work) = plan.tasks[0].work else { throw CancellationError() }
    #expect(work.environment == ["A": "topic/x c0ffee pull-request 7"])
    #expect(try job.concurrency?.resolved(with: values).group == "j-7")
    #expect(plan.tasks.indices.allSatisfy { plan.exclusion(of: $0) == nil })
    let other = try Plan(try self.request(.request), of: job)
    #expect(other.exclusion(of: 0)?.contains("the build has no branch") ?? false)
  }

  /// There were jobs with such a parameter before there were pull requests: theirs goes on to be their own.
  @Test func aParameterOfThatNameHidesTheNumber() throws {
    let task = #"{"name":"test","type":"execute-shell","script":"x","environment":{"A":"${pullRequest}"}}"#
    let text = #"{"job":"j","parameters":[{"name":"pullRequest","default":"none"}],"tasks":[\#(task)]}"#
    let job = try JobFile.parse(text)
    for (given, value) in [([:], "none"), (["pullRequest": "mine"], "mine")] {
      let request = try request(pull(isFork: false), try job.checkedParameters(given))
      let plan = try Plan(request, of: job)
      guard case .executeShell(let work) = plan.tasks[0].work else { throw CancellationError() }
      #expect(work.environment == ["A": value])
    }
    // No other value of a build is hidden so.
    for name in BuildValue.allCases.map(\.rawValue) where name != "pullRequest" {
      #expect(!JobFile.diagnostics(text.replacing(#""name":"pullRequest""#, with: #""name":"\#(name)""#)).isEmpty)
    }
  }

  /// Whoever approved that it runs, and however the build came about.
  @Test func aForkTouchesNothingOutside() throws {
    let retrial = BuildCause.retrial(Retrial(of: BuildID(job: try JobName("j"), number: 1), by: "eve"))
    let rows: [(BuildCause, BuildCause?)] = [
      (pull(isFork: true), nil), (pull(isFork: true, approvedBy: "ann"), nil), (retrial, pull(isFork: true)),
    ]
    for (cause, earlier) in rows {
      let request = try request(cause, repeating: earlier)
      #expect(request.isOfFork)
      var plan = try Plan(request, of: try JobFile.parse(Self.job))
      let reasons = plan.tasks.indices.map { plan.exclusion(of: $0) }
      #expect(reasons.map { $0 == nil } == [false, false, false, false, true])
      #expect(reasons[0] == "it runs only for the branch topic/*, and the pull request o/n#7 comes from a fork")
      #expect(reasons[1] == "it moves refs, and the pull request o/n#7 comes from a fork")
      #expect(reasons[3] == "it deploys, and the pull request o/n#7 comes from a fork")
      // Also of a list that came past its reader.
      var task = plan.tasks[2]
      task.needs = []
      try plan.join([task], by: 0)
      #expect(plan.exclusion(of: plan.tasks.count - 1) == reasons[3])
    }
  }

  @Test func itIsCodedLikeAPush() throws {
    for cause in [pull(isFork: true), pull(isFork: false, approvedBy: "ann")] {
      let data = try JSONBytes.encode(cause)
      #expect(String(decoding: data, as: UTF8.self).hasPrefix(#"{"pullRequest":{"_0":{"#))
      #expect(try JSONBytes.decode(BuildCause.self, from: data) == cause)
    }
  }
}
