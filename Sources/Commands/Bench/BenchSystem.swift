import Coordination
import Measurement
import Model
import ObjectStorage
import SharedRepository

/// A whole system in the hands of a bench: worker processes, and the one who triggers builds.
struct BenchSystem: Sendable {
  let repository: SharedRepository
  let workers: [BenchProcess]
  private let counted: CountingCoordinationStore

  /// Of a machine on its own, one process does everything; of a cluster, each kind of worker is a process of its own.
  static func start(
    _ stage: BenchStage, _ repository: SharedRepository, _ counted: CountingCoordinationStore, shells: Int
  ) async throws -> BenchSystem {
    let isEmbedded = stage.coordinationURL.hasPrefix("sqlite:")
    let kinds: [[TaskKind]] = isEmbedded ? [[.buildControl, .executeShell]] : [[.buildControl], [.executeShell]]
    var workers: [BenchProcess] = []
    do {
      for kinds in kinds { workers.append(try await BenchProcess.worker(kinds, slots: shells, stage)) }
    } catch {
      for worker in workers { try await worker.end() }
      throw error
    }
    return BenchSystem(repository: repository, workers: workers, counted: counted)
  }

  func use<Result>(_ body: (BenchSystem) async throws -> Result) async throws -> Result {
    do {
      let result = try await body(self)
      for worker in workers { try await worker.end() }
      return result
    } catch {
      for worker in workers { try await worker.end() }
      throw error
    }
  }

  /// Triggers a build, as a frontend does.
  func start() async throws -> BuildID {
    try await repository.start(StartRequest(job: try JobName(Bench.job)))
  }

  /// Returns when no build of the job runs any more.
  func allEnded() async throws {
    let job = NodeMap.builds(of: try JobName(Bench.job))
    for bucket in try await repository.session.children(of: job) ?? [] {
      for name in try await repository.session.children(of: job / bucket) ?? [] {
        for try await node in repository.session.watch(job / bucket / name) where node == nil { break }
      }
    }
  }

  /// What all processes together, this one included, have done so far.
  func counts() async throws -> Counts {
    var sum = Counts(coordination: counted.counts, objects: .init(), commands: 0)
    for worker in workers { sum = sum + (try await worker.counts()) }
    return sum
  }

  /// CPU time that all processes together, this one and the commands' runners included, have used so far, in milliseconds.
  func cpu() throws -> Double {
    try workers.reduce(ProcessUsage.ownMilliseconds) {
      let usage = try ProcessUsage(of: $1.pid)
      return $0 + usage.own + usage.children
    }
  }

  func processes(_ row: BenchRow) throws -> [BenchReport.Process] {
    try workers.map { try .init(name: "\(row.rawValue): \($0.name)", $0.pid) }
  }
}
