import Coordination
import Foundation
import Glibc
import Model
import ObjectStorage
import SharedRepository
import TestStores
import Testing

/// The independent checker: looks into the stores themselves, and at the machine.
extension Site {
  /// Every acknowledged trigger ended in exactly one result, whose logs are complete, and nothing is left over.
  ///
  /// - Returns: how many builds that were promised are not there, and how many are there that nobody asked for.
  func check() async throws -> (lost: Int, doubled: Int) {
    for build in acknowledged { _ = try await end(of: build) }
    try await recoverTheDead()
    try await endAllProcesses()
    let objects = try await stores.openObjects()
    let counts = try await stores.look { session in
      let repository = SharedRepository(session: session, objects: objects) { Timestamp(milliseconds: 0) }
      let counts = try await expectExactlyOneResult(repository)
      try await expectNothingLeft(session)
      return counts
    }
    await objects.close()
    try await eventually("no process of the site is left") { ProcessTable.processes(naming: folder.path).isEmpty }
    #expect(try String(contentsOfFile: "/proc/self/mounts", encoding: .utf8).contains(folder.path) == false)
    return counts
  }

  /// A fresh worker removes what dead ones left on the machine and, in time, in the coordination store.
  private func recoverTheDead() async throws {
    guard allProcesses.contains(where: \.wasKilled) else { return }
    try await worker(.buildControl)
    try await stores.look { session in
      try await eventually("what dead workers left is recovered") {
        let alive = Set(try await session.entries(inBucketsOf: NodeMap.workers).map(\.name))
        // Trials with pools scale them down to nothing first.
        let running = processes.count { $0.description.contains("worker run") }
        let holding = try await session.entries(inBucketsOf: NodeMap.slots).map(\.name)
        return alive.count == running && alive.isSuperset(of: holding)
      }
    }
  }

  private func endAllProcesses() async throws {
    let running = processes
    for process in running { process.signal(SIGTERM) }
    for process in running {
      let status = try await process.end()
      #expect(status == 0, "\(process): \(process.log)")
    }
    let scratch = try? FileManager.default.contentsOfDirectory(atPath: folder.data + "/work")
    #expect((scratch ?? []).isEmpty, "nothing is left of what tasks had on disk")
  }

  private func expectExactlyOneResult(_ repository: SharedRepository) async throws -> (lost: Int, doubled: Int) {
    let acknowledged = acknowledged
    #expect(Set(acknowledged).count == acknowledged.count, "each trigger has a build of its own")
    var expected = acknowledged
    var (lost, doubled) = (0, acknowledged.count - Set(acknowledged).count)
    // How many builds several others started together, by the job and the commit.
    var joined: [String: Int] = [:]
    var next = 0
    while next < expected.count {
      let build = expected[next]
      next += 1
      guard let ended = try await repository.endedBuild(build), ended.record.state.verdict != nil else {
        Issue.record("\(build) is not in history")
        lost += 1
        continue
      }
      try await expectCompleteLogs(of: build, repository)
      let job = try await repository.job(build.job, revision: ended.record.request.jobRevision)
      if ended.record.state.verdict == .succeeded {
        let alone = job.then.filter(\.all.isEmpty).map(\.job)
        let together = Set(job.then.map(\.job)).subtracting(alone)
        let started = ended.started.map(\.job).filter { !together.contains($0) }
        #expect(started == alone, "\(build) continued once by each rule")
        lost += max(0, alone.count - started.count)
        doubled += max(0, started.count - alone.count)
        if case .push(let push) = ended.record.request.cause {
          for name in together {
            joined["\(name) at \(push.commit)", default: 0] += ended.started.count { $0.job == name }
          }
        }
      }
      expected += ended.started
    }
    // Of those that were waited for together, one has started what follows.
    #expect(joined.values.allSatisfy { $0 == 1 }, "\(joined)")
    lost += joined.values.count { $0 == 0 }
    doubled += joined.values.reduce(0) { $0 + max(0, $1 - 1) }
    for job in Set(expected.map(\.job)) {
      let found = try await allBuilds(of: job, repository)
      let known = expected.filter { $0.job == job }.map(\.number)
      #expect(found.sorted() == known.sorted(), "builds of \(job)")
      doubled += Set(found).subtracting(known).count
    }
    return (lost, doubled)
  }

  private func allBuilds(of job: JobName, _ repository: SharedRepository) async throws -> [Int] {
    var found: [Int] = []
    while true {
      let page = try await repository.builds(of: job, before: found.last, limit: 1_000).map(\.build)
      found += page
      if page.count < 1_000 { return found }
    }
  }

  /// The accepted attempts of tasks that count aloud have counted from `first` to `last`, each number once.
  private func expectCompleteLogs(of build: BuildID, _ repository: SharedRepository) async throws {
    let ended = try #require(try await repository.endedBuild(build))
    let plan = try await repository.plan(of: ended.record)
    for (task, state) in zip(plan.tasks, ended.record.state.tasks) where state.verdict == .succeeded {
      guard let last = count(of: task.name, of: build.job), let accepted = state.attempts.last else { continue }
      var text: [UInt8] = []
      let log = repository.storage(of: build, task: task.name, token: accepted.token).logReader
      for try await chunk in log.read(0..<accepted.logSize) { text += chunk }
      let lines = String(decoding: text, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix(Counting.mark) }
      #expect(lines.map(String.init) == Counting.lines(last), "the log of \(build)/\(task.name)")
    }
  }

  private func expectNothingLeft(_ session: any CoordinationSession) async throws {
    // Sessions of processes that ended in good order are closed; those of killed ones are over when their time is.
    try await eventually("no worker, slot or role is left") {
      for list in [NodeMap.workers, NodeMap.slots] where try await !session.entries(inBucketsOf: list).isEmpty {
        return false
      }
      for list in [NodeMap.roles, NodeMap.pools] {
        if try await session.children(of: list)?.isEmpty == false { return false }
      }
      return true
    }
    for kind in TaskKind.allCases {
      #expect(try await leaves(below: NodeMap.idle(kind), depth: 3, session) == [])
      #expect(try await leaves(below: NodeMap.queues(kind), depth: 4, session) == [])
      #expect(try await leaves(below: NodeMap.seats(kind), depth: 2, session) == [])
    }
    #expect(try await leaves(below: NodeMap.builds, depth: 3, session) == [])
  }

  private func leaves(
    below path: NodePath, depth: Int, _ session: any CoordinationSession
  ) async throws -> [NodePath] {
    guard depth > 0 else { return [path] }
    var found: [NodePath] = []
    for name in try await session.children(of: path) ?? [] {
      found += try await leaves(below: path / name, depth: depth - 1, session)
    }
    return found
  }
}
