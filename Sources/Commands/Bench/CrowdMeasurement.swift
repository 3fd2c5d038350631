import Coordination
import Measurement
import Model
import SharedRepository
import Synchronization
import Workers

/// Whether a site with many jobs and many running builds is as quick as an empty one.
struct CrowdMeasurement: Sendable {
  let bench: Bench

  private static let heldJob = "held"
  private static let probeJob = "probe"

  func run(into report: inout BenchReport) async throws {
    let begun = Begun()
    let (gate, open) = AsyncStream.makeStream(of: Void.self)
    let released = Task { for await _ in gate {} }
    let worker = BenchWorker.make([.buildControl: 4, .executeShell: bench.scale.running + 8], bench.stage) {
      assignment in
      let build = assignment.attempt.request.build
      begun.note(build)
      if build.job.rawValue == Self.heldJob { await released.value }
    }
    try await bench.stage.stores.coordination.withSession { session in
      let repository = bench.stage.repository(session)
      try await repository.open()
      try await withThrowingTaskGroup(of: Void.self) { group in
        defer { group.cancelAll() }
        group.addTask {
          try await bench.stage.stores.coordination.withSession { try await worker.run(bench.stage.repository($0)) }
        }
        try await measure(repository, begun, into: &report)
        open.finish()
        worker.finish()
        for try await _ in group {}
      }
    }
  }

  private func measure(_ repository: SharedRepository, _ begun: Begun, into report: inout BenchReport) async throws {
    for job in [Self.heldJob, Self.probeJob] { try await apply(job, repository) }
    let alone = try await probe(repository, begun)
    let pageAlone = try await page(repository)
    let count = bench.scale.jobs
    _ = try await Lanes.run(count, lanes: 16) { _, number in
      if number % 1_000 == 0 { try await bench.progress.say("crowd: \(number) of \(count) jobs are registered") }
      try await apply("job-\(number)", repository)
    }
    try await bench.progress.say("crowd: \(bench.scale.running) builds are started")
    let held = try await Lanes.run(bench.scale.running, lanes: 16) { _, _ in
      try await repository.start(StartRequest(job: try JobName(Self.heldJob)))
    }
    for build in held { _ = await begun.time(of: build) }
    let crowded = try await probe(repository, begun)
    let pageCrowded = try await page(repository)
    let place = "\(count) jobs, \(bench.scale.running) running: "
    report.figures += [(0.5, "p50"), (0.99, "p99")].compactMap { share, label in
      crowded.percentile(share).map {
        BenchFigure(.crowd, place + "trigger to task, \(label)", $0, "ms", primitive: alone.percentile(share))
      }
    }
    report.figures.append(BenchFigure(.crowd, place + "page of 50 jobs", pageCrowded, "ms", primitive: pageAlone))
  }

  private func apply(_ job: String, _ repository: SharedRepository) async throws {
    let text = #"{ "job": "\#(job)", "tasks": [{ "name": "a", "type": "execute-shell", "script": "true" }] }"#
    try await repository.apply(try JobFile.parse(Array(text.utf8), file: "bench"))
  }

  /// From a trigger to the moment in which the worker does the task.
  private func probe(_ repository: SharedRepository, _ begun: Begun) async throws -> Distribution {
    var times: [Double] = []
    for _ in 0..<bench.scale.probes {
      let start = MonotonicTime.now
      let build = try await repository.start(StartRequest(job: try JobName(Self.probeJob)))
      times.append(MonotonicTime.milliseconds(from: start, to: await begun.time(of: build)))
      for try await view in repository.watchBuild(build) where view.verdict != nil { break }
    }
    return Distribution(times)
  }

  /// How long a page of jobs takes; the median of some.
  private func page(_ repository: SharedRepository) async throws -> Double {
    var times: [Double] = []
    for _ in 0..<9 {
      let start = MonotonicTime.now
      _ = try await repository.jobs(after: nil, limit: 50)
      times.append(MonotonicTime.milliseconds(from: start, to: MonotonicTime.now))
    }
    return Distribution(times).median ?? 0
  }
}

/// When the task of which build was begun.
private final class Begun: Sendable {
  private struct State {
    var times: [BuildID: UInt64] = [:]
    var waiting: [BuildID: CheckedContinuation<UInt64, Never>] = [:]
  }

  private let state = Mutex(State())

  func note(_ build: BuildID) {
    let now = MonotonicTime.now
    let waiter = state.withLock { state in
      state.times[build] = now
      return state.waiting.removeValue(forKey: build)
    }
    waiter?.resume(returning: now)
  }

  func time(of build: BuildID) async -> UInt64 {
    await withCheckedContinuation { continuation in
      let known = state.withLock { state in
        if state.times[build] == nil { state.waiting[build] = continuation }
        return state.times[build]
      }
      if let known { continuation.resume(returning: known) }
    }
  }
}
