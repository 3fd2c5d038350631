package import Coordination
import Model

/// The numbers that one transaction gives to builds.
package struct BuildNumbers: Sendable {
  private var next: [JobName: (number: Int, version: Int)] = [:]

  package init() {}

  mutating func next(_ job: JobName, in repository: SharedRepository) async throws -> Int {
    if next[job] == nil { try know(await repository.session.read(NodeMap.job(job)), of: job) }
    if next[job] == nil {
      try await repository.createCounter(job)
      try know(await repository.session.read(NodeMap.job(job)), of: job)
    }
    guard let (number, version) = next[job] else { return 1 }
    next[job] = (number + 1, version)
    return number
  }

  /// - Parameter counter: the node that counts the builds of the job; `nil` when it is not there.
  mutating func know(_ counter: Node?, of job: JobName) throws {
    guard let counter else { return }
    guard let number = Int(String(decoding: counter.data, as: UTF8.self)) else {
      throw RepositoryError(
        .damaged, "the number of the next build of \(job) cannot be read", remedy: "apply the job again")
    }
    next[job] = (number, counter.version)
  }

  /// What makes the numbers taken, provided that nobody else has taken them.
  package var changes: [Change] {
    next.sorted { $0.key < $1.key }.map { job, next in
      .write(NodeMap.job(job), Array(String(next.number).utf8), expecting: next.version)
    }
  }
}
