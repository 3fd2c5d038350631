import Coordination
package import Model

/// Approving what comes from a fork, and closing.
extension SharedRepository {
  /// Lets a head be built: this commit, and no other. Approved twice, it starts nothing more, but for jobs that could not be
  /// built before.
  ///
  /// - Parameter commit: in hexadecimal, all of it: who writes the commits can have two begin alike.
  /// - Throws: ``RepositoryError`` with `notFound` when nothing waits, `invalid` when the commit is none, and `conflict` when
  ///   the head is another one by now, or no job can be built for it.
  package func approvePullRequest(
    _ repository: String, _ number: Int, commit: String, by who: String
  ) async throws -> PullRequestApproval {
    let commit = commit.lowercased()
    guard [40, 64].contains(commit.utf8.count), commit.unicodeScalars.allSatisfy(\.properties.isASCIIHexDigit) else {
      throw RepositoryError(
        .invalid, "the commit is not a whole one of 40 hexadecimal digits",
        remedy: "name all of the commit that you looked at, as 'distci pull-request list' does")
    }
    while true {
      // Whoever approves has seen that it waits, perhaps through another session.
      try await session.synchronize()
      guard let known = try await pullNode(repository, number) else {
        throw RepositoryError(
          .notFound, "no pull request \(number) of \(repository.bounded(to: 300)) waits for approval",
          remedy: "see what does with 'distci pull-request list'")
      }
      let head = known.record.request
      guard head.commit.lowercased() == commit else {
        throw RepositoryError(
          .conflict, "the head of \(head) is \(head.commit) now",
          remedy: "look at what it changes; if all is well, approve \(head.commit)")
      }
      if let approval = try await approve(known, by: who.bounded(to: Pause.longestName)) { return approval }
    }
  }

  /// - Returns: `nil` when somebody else was quicker.
  private func approve(_ known: PullNode, by who: String) async throws -> PullRequestApproval? {
    let record = known.record
    guard record.isWaiting else { return try await approvedBefore(record) }
    var request = record.request
    request.approvedBy = request.approvedBy ?? who
    let starts = try await starts(of: request, for: record.identities, only: .approve, among: record.missed)
    guard !starts.requests.isEmpty else {
      guard record.isApproved else { throw nothingToBuild(record.request, starts.refused) }
      guard try await note(starts.refused.map(\.job), missedBy: known) else { return nil }
      return try await approvedBefore(record, refused: starts.refused)
    }
    var approved = record
    approved.approve(by: who, missing: starts.refused.map(\.job))
    let data = try JSONBytes.encode(approved)
    do {
      let started = try await start(starts.requests, delivery: delivery(of: record, round: approved.approvals)) {
        guard let present = try await pullNode(request.repository, request.number), present.record == record else {
          throw Overtaken()
        }
        return [.write(present.path, data, expecting: present.version)]
      }
      guard !started.isRepeat else { return nil }
      return PullRequestApproval(request: approved.request, started: started, refused: starts.refused)
    } catch is Overtaken {
      return nil
    }
  }

  /// Of the jobs that an approval missed, some may be gone by now, or wait for other requests: nobody is asked for them again.
  ///
  /// - Returns: `false` when somebody else was quicker.
  private func note(_ jobs: [JobName], missedBy known: PullNode) async throws -> Bool {
    var record = known.record
    guard Set(jobs) != Set(record.missed ?? []) else { return true }
    record.missed = jobs.isEmpty ? nil : jobs
    do {
      try await session.write(known.path, try JSONBytes.encode(record), expecting: known.version)
      return true
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return false
    }
  }

  /// What earlier approvals started.
  private func approvedBefore(
    _ record: PullRecord, refused: [RefusedStart] = []
  ) async throws -> PullRequestApproval {
    var builds: [BuildID] = []
    for round in 1...max(1, record.approvals) {
      builds += try await start([], delivery: delivery(of: record, round: round)).builds
    }
    return PullRequestApproval(
      request: record.request, started: Started(builds: builds, isRepeat: true), refused: refused)
  }

  /// What makes an approval the same one.
  private func delivery(of record: PullRecord, round: Int) -> Delivery {
    let head = record.request
    let name = "approve:\(RepositoryIdentity.of(head.repository)):\(head.number):\(head.commit):\(record.id)"
    return Delivery(lasting: [round == 1 ? name : "\(name):\(round)"])
  }

  private struct Overtaken: Error {}

  private func nothingToBuild(_ head: BuildCause.PullRequest, _ refused: [RefusedStart]) -> RepositoryError {
    guard let first = refused.first else {
      return RepositoryError(
        .conflict, "no job waits for \(head) any more", remedy: "see the triggers of its jobs, and push once more")
    }
    return RepositoryError(.conflict, "\(first.job) cannot be built: \(first.message)", remedy: first.remedy)
  }

  /// Forgets that it waits for approval, and cancels its builds. Does nothing where there is nothing left.
  ///
  /// - Returns: the builds that were running.
  @discardableResult
  package func closePullRequest(_ repository: String, _ number: Int) async throws -> [BuildID] {
    try await session.synchronize()
    // First, so that whoever approves it either comes too late, or has started what is cancelled now.
    while let known = try await pullNode(repository, number) {
      do {
        try await session.delete(known.path, expecting: known.version)
      } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
        continue
      }
    }
    var cancelled: [BuildID] = []
    // One that is being stopped may have started others meanwhile.
    for _ in 0..<Self.mostPasses {
      let found = try await cancelBuilds(of: repository, number, but: cancelled)
      guard !found.isEmpty else { break }
      cancelled += found
      try await session.synchronize()
    }
    return cancelled
  }

  private static let mostPasses = 10

  private func cancelBuilds(
    of repository: String, _ number: Int, but known: [BuildID]
  ) async throws -> [BuildID] {
    var cancelled: [BuildID] = []
    for name in try await session.children(of: NodeMap.builds) ?? [] {
      guard let job = try? JobName(name) else { continue }
      for build in try await runningNumbers(of: job).map({ BuildID(job: job, number: $0) })
      where !known.contains(build) {
        if try await cancel(build, whichBuilds: repository, number) { cancelled.append(build) }
      }
    }
    return cancelled
  }

  /// - Returns: whether it builds that pull request, and was running.
  private func cancel(_ build: BuildID, whichBuilds repository: String, _ number: Int) async throws -> Bool {
    guard let record = try await runningBuild(build)?.record,
      let pull = record.request.origin.pullRequest, pull.isSame(as: repository, number),
      record.state.cancelled == nil
    else { return false }
    do {
      try await cancel(build, by: "the closing of the pull request \(pull)")
      return true
    } catch let error as RepositoryError where error.code == .conflict || error.code == .notFound {
      return false
    }
  }
}
