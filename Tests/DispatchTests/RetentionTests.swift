import Foundation
import Model
import ObjectStorage
import SharedRepository
import Synchronization
import TestStores
import Testing
import Workers

/// Artifacts that are kept for a time.
@Suite(.timeLimit(.minutes(4)))
struct RetentionTests {
  private static let library = """
    { "job": "library", "tasks": [
      { "name": "kept", "type": "publish-artifacts", "files": ["**"], "keep": "30d" },
      { "name": "lasting", "type": "publish-artifacts", "files": ["**"] },
      { "name": "check", "type": "execute-shell", "script": "./check" }
    ] }
    """

  private static let application = """
    { "job": "application", "tasks": [
      { "name": "deps", "type": "copy-artifacts", "from": { "job": "library" }, "files": ["kept/*"] }
    ] }
    """

  /// Publishes three files under the task's name.
  private struct Publisher: TaskPerformer {
    let kind = TaskKind.publishArtifacts

    func perform(_ assignment: Assignment) async throws -> Performance {
      var list: [StoredArtifact] = []
      for number in 0..<3 {
        let info = try await assignment.storage.putArtifact(number, from: OneChunk([UInt8(number)]))
        list.append(
          StoredArtifact(
            path: "\(assignment.task.name)/\(number)", size: info.size, sha256: "\(info.sha256)", mode: 0o644,
            number: number))
      }
      try await assignment.storage.putArtifactList(list)
      return Performance(.succeeded, artifacts: list.count)
    }
  }

  private struct Checker: TaskPerformer {
    let kind = TaskKind.executeShell
    let verdict: @Sendable () -> Verdict

    func perform(_ assignment: Assignment) async throws -> Performance { Performance(verdict()) }
  }

  private func worker(_ verdict: @escaping @Sendable () -> Verdict = { .succeeded }) throws -> TestWorker {
    let scratch = NSTemporaryDirectory() + "/distci-retention-" + UUID().uuidString
    let copying = CopyArtifactsPerformer(WorkerConfiguration(scratchDirectory: scratch, cacheDirectory: scratch))
    return try TestWorker(
      [.buildControl: 1, .executeShell: 1, .publishArtifacts: 1, .copyArtifacts: 1],
      performers: [Publisher(), Checker(verdict: verdict), copying])
  }

  private func sweep(_ workshop: Workshop) async throws {
    try await ArtifactSweep(repository: workshop.observer).step()
  }

  /// The paths that can be fetched, and those that the list says are gone: nothing is in between.
  private func standing(
    _ build: BuildID, _ repository: SharedRepository
  ) async throws -> (there: [String], expired: [String]) {
    var standing: (there: [String], expired: [String]) = ([], [])
    for artifact in try await repository.artifacts(of: build) {
      guard artifact.expired == nil else {
        await #expect(throws: RepositoryError.self) {
          try await repository.artifact(of: build, path: artifact.path)
        }
        standing.expired.append(artifact.path)
        continue
      }
      let (_, blob) = try await repository.artifact(of: build, path: artifact.path)
      var size = 0
      for try await chunk in blob.read() { size += chunk.count }
      #expect(size == 1)
      standing.there.append(artifact.path)
    }
    return standing
  }

  private static let kept = ["kept/0", "kept/1", "kept/2"]
  private static let lasting = ["lasting/0", "lasting/1", "lasting/2"]

  @Test(
    "Artifacts live as long as the last build that has them promised, and then lists say so", arguments: StorePair.all)
  func lifetime(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.library)
      try await workshop.defineJob(file: Self.application)
      let isGood = Mutex(false)
      let first = try await workshop.start("library")
      let second = Mutex<BuildID?>(nil)
      try await workshop.withWorkers(try worker { isGood.withLock { $0 } ? .succeeded : .failed }) {
        #expect(try await workshop.end(of: first).verdict == .failed)
        workshop.pass(.seconds(29 * 86_400))
        try await sweep(workshop)
        isGood.withLock { $0 = true }
        let again = try #require(try await workshop.repository.retry(first, .failed, by: "ada").builds.first)
        #expect(try await workshop.end(of: again).verdict == .succeeded)
        second.withLock { $0 = again }
      }
      let again = try #require(second.withLock { $0 })
      // The first build's time is over; the second was promised the same for longer.
      workshop.pass(.seconds(2 * 86_400))
      try await sweep(workshop)
      for build in [first, again] {
        #expect(try await standing(build, workshop.observer) == (Self.kept + Self.lasting, []))
      }
      // While a build goes on, nothing of what it has is removed, however long that takes.
      let check = try TaskName("check")
      let third = try #require(
        try await workshop.repository.retry(again, .task(check), by: "ada").builds.first)
      workshop.pass(.seconds(90 * 86_400))
      for _ in 0..<2 { try await sweep(workshop) }
      #expect(try await standing(third, workshop.observer) == (Self.kept + Self.lasting, []))
      try await workshop.withWorkers(try worker()) {
        #expect(try await workshop.end(of: third).verdict == .succeeded)
        let copied = try await workshop.end(of: try await workshop.start("application"))
        #expect(copied.verdict == .succeeded, "\(copied.tasks[0])")
      }
      workshop.pass(.seconds(31 * 86_400))
      try await sweep(workshop)
      for build in [first, again, third] {
        #expect(try await standing(build, workshop.observer) == (Self.lasting, Self.kept))
      }
      let error = await #expect(throws: RepositoryError.self) {
        try await workshop.observer.artifact(of: first, path: "kept/1")
      }
      #expect(error?.code == .expired && error?.message.contains("keeps it for 30d") == true, "\(error as Any)")
      #expect(try await workshop.observer.objects.entries(in: ObjectMap.kept, after: "due=", limit: 10).count == 1)
      // Who asks for them is told precisely, and what takes them over has them no more than others.
      try await workshop.withWorkers(try worker()) {
        let copied = try await workshop.end(of: try await workshop.start("application"))
        #expect(copied.verdict == .failed)
        let reason = copied.tasks[0].attempts.last?.message ?? ""
        #expect(reason.contains("of \(third) expired at 20") && reason.contains("latest-successful"), "\(reason)")
        let late = try #require(try await workshop.repository.retry(third, .task(check), by: "ada").builds.first)
        #expect(try await workshop.end(of: late).verdict == .succeeded)
        #expect(try await standing(late, workshop.observer) == (Self.lasting, Self.kept))
      }
      let counts = workshop.objects.counts
      try await ArtifactSweep(repository: workshop.repository).step()
      #expect(workshop.objects.counts - counts == ObjectCounts(writes: 0, reads: 1), "a sweep costs what is due")
    }
  }

  @Test(
    "Whenever a sweep dies, no list promises what is gone, and the next sweep removes the rest",
    arguments: StorePair.all)
  func interruptions(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      try await workshop.defineJob(file: Self.library)
      let build = try await workshop.start("library")
      try await workshop.withWorkers(try worker()) { _ = try await workshop.end(of: build) }
      let observer = workshop.observer
      try await sweep(workshop)
      #expect(try await standing(build, observer) == (Self.kept + Self.lasting, []))
      workshop.pass(.seconds(31 * 86_400))
      var deaths = 0
      for writes in 0... {
        let failing = FailingObjects(observer.objects, after: writes)
        let repository = SharedRepository(session: observer.session, objects: failing, now: observer.now)
        do {
          try await ArtifactSweep(repository: repository).step()
          break
        } catch is FailingObjects.Dead {
          deaths += 1
        }
        let standing = try await standing(build, observer)
        #expect(standing == (Self.kept + Self.lasting, []) || standing == (Self.lasting, Self.kept))
      }
      // Before the lease, and before each of the artifacts or the time: later sweeps come further.
      #expect(deaths == 4)
      #expect(try await standing(build, observer) == (Self.lasting, Self.kept))
      let entries = try await observer.objects.entries(in: ObjectMap.kept, after: "", limit: 10)
      #expect(entries.map(\.key) == ["lot=library/1=2592000"])
      for publication in try await observer.publications(of: build) where publication.task.rawValue == "kept" {
        for artifact in publication.list {
          await #expect(throws: RepositoryError.self) { try await publication.storage.artifact(artifact) }
        }
      }
    }
  }
}
