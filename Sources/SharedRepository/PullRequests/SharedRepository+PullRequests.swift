package import Coordination
import Crypto
import Foundation
import Model

/// Pull requests. What comes from a fork and needs approval is a node until it is closed: written when a webhook tells of a
/// head, and again, in the very transaction that starts the builds, when somebody approves that head.
extension SharedRepository {
  /// Starts what waits for a pull request, and notes what has to wait for approval: once however often it is told.
  ///
  /// - Throws: ``RepositoryError``.
  package func take(_ news: PullRequestNews, delivery: Delivery) async throws -> PullRequestTaken {
    try await session.synchronize()
    var request = news.request
    let known = request.isFork ? try await pullNode(request.repository, request.number) : nil
    // An approval is for a commit that is to be merged into one branch, and for no other.
    if let record = known?.record, record.request.commit == request.commit, record.request.base == request.base {
      request.approvedBy = record.request.approvedBy
    }
    let starts = try await starts(of: request, for: news.identities)
    var taken = PullRequestTaken(
      started: Started(builds: [], isRepeat: false), unapproved: starts.unapproved, ignored: starts.ignored,
      refused: starts.refused)
    guard !starts.isNothing || known != nil else { return taken }
    taken.started = try await start(starts.requests, delivery: delivery) {
      try await changes(by: news, starts)
    }
    return taken
  }

  /// What starts builds for a pull request.
  ///
  /// - Parameters:
  ///   - forks: only jobs that treat forks so; left out, all.
  ///   - some: only these; left out, all.
  func starts(
    of request: BuildCause.PullRequest, for identities: [String], only forks: PullRequestTrigger.Forks? = nil,
    among some: [JobName]? = nil
  ) async throws -> PullRequestStarts {
    var starts = PullRequestStarts()
    for name in try await jobs(askedFor: identities) where some?.contains(name) ?? true {
      do {
        let job = try await job(name).job
        guard let trigger = job.pullRequests.first(where: { $0.waits(for: request, identities) }) else { continue }
        // What it reads before is the base's; once approved, it reads the head's.
        let readsAgain = job.reading != nil && trigger.forks == .build
        guard forks == nil || trigger.forks == forks || readsAgain else { continue }
        if request.isFork, trigger.forks == .ignore {
          starts.ignored.append(name)
        } else if request.isFork, trigger.forks == .approve, request.approvedBy == nil {
          starts.unapproved.append(name)
        } else {
          if request.isFork, readsAgain, request.approvedBy == nil { starts.unapproved.append(name) }
          let start = StartRequest(job: name, cause: .pullRequest(request))
          try await check(start)
          starts.requests.append(start)
        }
      } catch let error as RepositoryError where error.code != .unavailable {
        starts.refused.append(RefusedStart(job: name, message: error.message, remedy: error.remedy))
      }
    }
    return starts
  }

  /// What a head that came changes about what waits for approval.
  private func changes(by news: PullRequestNews, _ starts: PullRequestStarts) async throws -> [Change] {
    let request = news.request
    guard request.isFork else { return [] }
    let known = try await pullNode(request.repository, request.number)
    if let record = known?.record {
      // Deliveries need not come in the order in which things happened.
      if let newer = record.updated, let updated = news.updated, newer > updated { return [] }
      if record.request.commit == request.commit, record.request.base == request.base {
        return try known.map { try changes(to: $0, by: starts) } ?? []
      }
    }
    let path = NodeMap.pull(of: Self.digest(ofRepository: request.repository), request.number)
    guard !starts.unapproved.isEmpty else { return known.map { [.delete(path, expecting: $0.version)] } ?? [] }
    let data = try JSONBytes.encode(
      PullRecord(
        request: request, identities: news.identities, since: now(), updated: news.updated, id: UUID().uuidString))
    if let known { return [.write(path, data, expecting: known.version)] }
    return try await roomForPull(of: request.repository) + [.create(path, data, .persistent)]
  }

  /// A head that was approved and comes once more starts also what its approval missed, and what does need no further one.
  private func changes(to known: PullNode, by starts: PullRequestStarts) throws -> [Change] {
    let started = Set(starts.requests.map(\.job))
    guard let missed = known.record.missed, missed.contains(where: started.contains) else { return [] }
    var record = known.record
    record.missed = missed.filter { !started.contains($0) }
    return [.write(known.path, try JSONBytes.encode(record), expecting: known.version)]
  }

  /// Lets the one fall out that came first, where there are as many as may be.
  private func roomForPull(of repository: String) async throws -> [Change] {
    let list = NodeMap.pulls(of: Self.digest(ofRepository: repository))
    try await session.createAll(list)
    guard try await session.read(list)?.childCount ?? 0 >= PullRecord.mostOfRepository else { return [] }
    let oldest = try await pullNodes(in: list).min { $0.record.since < $1.record.since }
    return oldest.map { [.delete($0.path, expecting: $0.version)] } ?? []
  }
}

/// Nodes.
extension SharedRepository {
  struct PullNode {
    var path: NodePath
    var record: PullRecord
    var version: Int
  }

  func pullNode(_ repository: String, _ number: Int) async throws -> PullNode? {
    try await pullNode(NodeMap.pull(of: Self.digest(ofRepository: repository), number))
  }

  private func pullNode(_ path: NodePath) async throws -> PullNode? {
    guard let node = try await session.read(path) else { return nil }
    return PullNode(path: path, record: try JSONBytes.decode(PullRecord.self, from: node.data), version: node.version)
  }

  private func pullNodes(in list: NodePath) async throws -> [PullNode] {
    var nodes: [PullNode] = []
    for name in try await session.children(of: list) ?? [] {
      if let node = try await pullNode(list / name) { nodes.append(node) }
    }
    return nodes
  }

  /// The pull requests that wait for approval, or whose approval missed jobs, by repository and number.
  ///
  /// - Parameter repository: `owner/name`; left out, of all.
  package func pendingPullRequests(of repository: String? = nil) async throws -> [PullRecord] {
    try await session.synchronize()
    let lists: [NodePath]
    if let repository {
      lists = [NodeMap.pulls(of: Self.digest(ofRepository: repository))]
    } else {
      lists = try await session.entries(inBucketsOf: NodeMap.pulls)
    }
    var records: [PullRecord] = []
    for list in lists where records.count < Self.mostListed {
      records += try await pullNodes(in: list).map(\.record).filter(\.isWaiting)
    }
    return records.sorted {
      ($0.request.repository, $0.request.number) < ($1.request.repository, $1.request.number)
    }
  }

  private static let mostListed = 1_000

  static func digest(ofRepository name: String) -> String {
    SHA256.hash(data: Array(RepositoryIdentity.of(name).utf8)).prefix(20)
      .map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}

extension PullRequestTrigger {
  fileprivate func waits(for request: BuildCause.PullRequest, _ identities: [String]) -> Bool {
    identities.contains(RepositoryIdentity.of(repository)) && accepts(base: request.base)
  }
}
