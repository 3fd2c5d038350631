import Coordination
import LocalThreads
import Measurement
import Model
import SharedRepository

/// What the measurements share: the place, the scale, and who is told how far it is.
struct Bench: Sendable {
  let stage: BenchStage
  let scale: BenchScale
  /// Arrivals per second of the latency row.
  let rate: Double
  let gaps: ArrivalSchedule.Gaps
  let progress: BenchProgress

  /// The job of one silent task that stamps its first instruction.
  static let job = "bench"

  func measure(_ row: BenchRow, into report: inout BenchReport) async throws {
    switch row {
    case .latency: try await LatencyMeasurement(bench: self).run(into: &report)
    case .throughput: try await ThroughputMeasurement(bench: self).run(into: &report)
    case .claims: try await ClaimMeasurement(bench: self).run(into: &report)
    case .burst: try await BurstMeasurement(bench: self).run(into: &report)
    case .idle: try await IdleMeasurement(bench: self).run(into: &report)
    case .crowd: try await CrowdMeasurement(bench: self).run(into: &report)
    }
  }

  /// Registers the job that stamps.
  func applyJob(_ repository: SharedRepository) async throws {
    let stamp = try BenchStage.program("distci-stamp")
    let command = try JSONBytes.encode([stamp, stage.stamps.path])
    try await repository.apply(
      try JobFile.parse(
        Array(
          """
          { "job": "\(Self.job)", "tasks": [
            { "name": "stamp", "type": "execute-shell", "command": \(String(decoding: command, as: UTF8.self)) }] }
          """.utf8), file: "bench"))
  }

  /// Runs `body` with a system of worker processes, and a repository whose use is counted with theirs.
  func withSystem<Result: Sendable>(
    shells: Int, _ body: (BenchSystem) async throws -> Result
  ) async throws -> Result {
    let counted = CountingCoordinationStore(stage.stores.coordination)
    // As in a frontend.
    return try await withTaskExecutorPreference(StoreThreads.shared) {
      try await counted.withSession { session in
        let repository = stage.repository(session)
        try await repository.open()
        try await applyJob(repository)
        let system = try await BenchSystem.start(stage, repository, counted, shells: shells)
        return try await system.use(body)
      }
    }
  }
}
