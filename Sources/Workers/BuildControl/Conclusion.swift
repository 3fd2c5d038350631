import Coordination
import Foundation
import Model
import SharedRepository

/// The end of a build: it goes into history, and what its job's `then` names is started in the very transaction that
/// removes it from what runs.
struct Conclusion: Sendable {
  let repository: SharedRepository
  let plan: Plan
  let running: RunningBuild

  /// - Returns: `nil` when the build must be read again first.
  func step(_ state: BuildState) async throws -> Step? {
    let request = plan.request
    let build = request.build
    let job = try await repository.job(build.job, revision: request.jobRevision)
    let verdict = state.verdict ?? .errored
    var numbers = BuildNumbers()
    var started: [PreparedBuild] = []
    var notes: [String] = []
    for rule in job.then where rule.on.holds(for: verdict) {
      do {
        started.append(try await prepare(rule, &numbers))
      } catch let error as RepositoryError where error.code == .notFound || error.code == .invalid {
        notes.append("\(rule.job) was not started: \(error.message)")
      }
    }
    let ended = EndedBuild(
      record: BuildRecord(request: request, state: state), version: running.version, started: started.map(\.build),
      notes: notes)
    guard try await repository.record(ended) == .done else { return nil }
    return Step(
      changes: [.delete(NodeMap.build(build), expecting: running.version)] + numbers.changes
        + started.map(\.creation),
      tickets: started.map(\.ticket))
  }

  private func prepare(_ rule: Continuation, _ numbers: inout BuildNumbers) async throws -> PreparedBuild {
    let request = plan.request
    guard request.depth < BuildRequest.deepestChain else {
      throw RepositoryError(
        .invalid, "\(BuildRequest.deepestChain) builds have started one another in a row", remedy: "look for a cycle")
    }
    let parameters: [ParameterName: String]
    do {
      parameters = try rule.resolvedParameters(with: request.values)
    } catch {
      throw RepositoryError(error)
    }
    let start = StartRequest(
      job: rule.job, parameters: Dictionary(uniqueKeysWithValues: parameters.map { ($0.key.rawValue, $0.value) }),
      cause: .continuation(of: request.build), depth: request.depth + 1)
    return try await repository.prepare(start, requestID: UUID().uuidString, &numbers)
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
