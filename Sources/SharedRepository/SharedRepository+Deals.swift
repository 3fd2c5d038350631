package import Model
import ObjectStorage

/// How the files of split tasks are dealt out.
extension SharedRepository {
  /// The deal that a build's parts of a split task follow; `nil` when nobody has dealt yet.
  ///
  /// - Parameter task: as ``Plan/lastingName(of:)`` has it.
  package func deal(of request: BuildRequest, task: TaskName) async throws -> Deal? {
    guard let bytes = try await objects.read(ObjectMap.deal(of: request, task: task)) else { return nil }
    return try JSONBytes.decode(Deal.self, from: bytes)
  }

  /// Has the parts of a split task, and all attempts at them, follow this deal, unless there is one already: what builds
  /// beside this one teach in the meantime changes nothing.
  ///
  /// - Returns: the deal that they follow.
  package func settle(_ deal: Deal, of request: BuildRequest, task: TaskName) async throws -> Deal {
    do {
      try await objects.put(JSONBytes.encode(deal), at: ObjectMap.deal(of: request, task: task), .ifAbsent)
      return deal
    } catch let error as ObjectStoreError where error.code == .alreadyExists {
      // It never goes away again.
      return try await self.deal(of: request, task: task) ?? deal
    }
  }

  /// What files of a split task took in the newest builds, in milliseconds. What cannot be read is not known: nothing depends
  /// on it but how even the parts are.
  package func fileTimes(of job: JobName, task: TaskName) async -> [String: Int] {
    let entries = try? await objects.entries(
      in: ObjectMap.tests(of: job), after: "", limit: TestLimits.buildsToLearnFrom)
    var builds: [[String: Int]] = []
    for entry in entries ?? [] {
      guard let number = ObjectMap.buildNumber(ofEntry: entry.key),
        let stored = try? JSONBytes.decode(StoredTests.self, from: entry.value), stored.hasTimes,
        let bytes = try? await objects.blobBytes(
          ObjectMap.fileTimes(of: BuildID(job: job, number: number), stored.end)),
        let times = try? JSONBytes.decode(BuildFileTimes.self, from: bytes)
      else { continue }
      builds.append(times[task] ?? [:])
    }
    return FileTimes.medians(of: builds)
  }
}
