import Coordination
import SharedRepository
import TestStores
import Testing

@testable import Model

/// Builds whose states somebody has damaged in the stores.
@Suite(.timeLimit(.minutes(2)))
struct DamagedBuildTests {
  @Test(
    "A state that speaks of tasks that are not there is an error to whoever looks, and none of a build beside it",
    arguments: StorePair.all)
  func damage(_ pair: StorePair) async throws {
    try await Workshop.open(pair) { workshop in
      for (job, count) in [("small", 3), ("large", 200)] {
        try await workshop.defineJob(job, tasks: count)
        let build = try await workshop.start(job)
        let other = try await workshop.start(job)
        let record = try #require(try await workshop.observer.runningBuild(build)).record
        let sound = record.state
        var tasks = sound.tasks
        tasks[count - 1].checkout = count
        for (state, words) in [
          (sound.with(tasks), "task \(count - 1): it works on the commit of a task that is not there"),
          (BuildState(taskCount: count + 1), "it is of \(count + 1) tasks, and the build has \(count)"),
        ] {
          try await store(BuildRecord(request: record.request, state: state), in: workshop)
          let error = await #expect(throws: RepositoryError.self) { try await workshop.repository.build(build) }
          #expect(error?.code == .damaged && error?.message.contains(words) ?? false, "\(String(describing: error))")
          #expect(try await workshop.repository.build(other).verdict == nil)
        }
        try await store(record, in: workshop)
        #expect(try await workshop.repository.build(build).tasks.count == count)
      }
    }
  }

  private func store(_ record: BuildRecord, in workshop: Workshop) async throws {
    let (data, _) = try await workshop.observer.nodeData(of: record)
    try await workshop.observer.session.write(NodeMap.build(record.request.build), data)
  }
}
