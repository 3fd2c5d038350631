import Coordination
import Model
import SharedRepository

/// What the rules of a job's `then` start when one of its builds ends.
struct Continuations {
  let repository: SharedRepository
  let request: BuildRequest
  /// How the build ended.
  let verdict: Verdict
  private(set) var builds: [PreparedBuild] = []
  /// Why some of it was not started.
  private(set) var notes: [String] = []
  /// What waits for other builds.
  private(set) var awaited: [AwaitedStart] = []
  private var joins: JoinBook

  init(repository: SharedRepository, request: BuildRequest, verdict: Verdict) {
    self.repository = repository
    self.request = request
    self.verdict = verdict
    joins = JoinBook(session: repository.session, now: repository.now)
  }

  /// About builds that are waited for together.
  var changes: [Change] {
    get throws { try joins.changes }
  }

  /// - Parameter commit: that was built, where that is known.
  mutating func prepare(
    _ rules: [Continuation], at commit: String?, _ numbers: inout BuildNumbers, _ groups: inout GroupBook
  ) async throws {
    // What continues from a build has continued from the one that is deployed once more.
    guard !request.isRollback else { return }
    for rule in rules where !rule.all.isEmpty || rule.on.holds(for: verdict) {
      // What follows knows nothing of forks, and would do with their files what only the repository's own may do.
      guard !request.isOfFork else {
        notes.append("\(rule.job) was not started: the pull request comes from a fork")
        continue
      }
      do {
        if rule.all.isEmpty {
          builds.append(try await build(rule, commit, after: nil, &numbers, &groups))
        } else {
          try await join(rule, commit, &numbers, &groups)
        }
      } catch let error as RepositoryError where error.code != .unavailable && error.code != .noSpace {
        notes.append("\(rule.job) was not started: \(error.message)".bounded(to: 400))
      }
    }
  }

  /// Starts what waits for several builds, if this was the last of them.
  private mutating func join(
    _ rule: Continuation, _ commit: String?, _ numbers: inout BuildNumbers, _ groups: inout GroupBook
  ) async throws {
    guard let commit else {
      guard verdict == .succeeded else { return }
      throw RepositoryError(
        .invalid, "it is not known which commit was built", remedy: "let a git-checkout be among the tasks")
    }
    switch try await joins.arrive(request.build, isGreen: verdict == .succeeded, at: commit, for: rule) {
    case .complete(let all):
      let others = all.filter { $0 != request.build }
      let next = try await build(rule, commit, after: others, &numbers, &groups)
      try await repository.note(next.build, after: others)
      joins.start(next.build, after: request.build, at: commit, for: rule)
      builds.append(next)
    case .waiting(let missing):
      awaited.append(AwaitedStart(job: rule.job, missing: missing, commit: commit))
    case .nothing: break
    }
  }

  /// - Parameter others: that were waited for.
  private func build(
    _ rule: Continuation, _ commit: String?, after others: [BuildID]?, _ numbers: inout BuildNumbers,
    _ groups: inout GroupBook
  ) async throws -> PreparedBuild {
    guard request.depth < BuildRequest.deepestChain else {
      throw RepositoryError(
        .invalid, "\(BuildRequest.deepestChain) builds have started one another in a row", remedy: "look for a cycle")
    }
    let parameters: [ParameterName: String]
    var values = request.values
    if let commit { values[BuildValue.commit.rawValue] = commit }
    do {
      parameters = try rule.resolvedParameters(with: values)
    } catch {
      throw RepositoryError(error)
    }
    let start = StartRequest(
      job: rule.job, parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.key.rawValue, $0.value) }),
      cause: .continuation(of: request.build), depth: request.depth + 1, together: others)
    return try await repository.prepare(start, requestID: RequestID.make(), &numbers, &groups)
  }
}

extension Continuation.Condition {
  /// Whether a build that ended so continues here. A cancelled build continues only where it always does.
  fileprivate func holds(for verdict: Verdict) -> Bool {
    switch self {
    case .always: true
    case .success: verdict == .succeeded
    case .failure: [.failed, .errored, .timedOut].contains(verdict)
    }
  }
}
