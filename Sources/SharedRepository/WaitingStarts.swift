import Model
import Synchronization

/// Builds of one job that are wanted while another trigger of it is under way: whoever has the next turn starts them all, in
/// one transaction, and the others find theirs started.
final class WaitingStarts: Sendable {
  /// One that waits.
  final class Start: Sendable {
    let request: StartRequest
    private let result = Mutex<Result<BuildID, any Error>?>(nil)

    init(_ request: StartRequest) { self.request = request }

    /// What became of it; `nil` while nobody has tried.
    var outcome: Result<BuildID, any Error>? { result.withLock { $0 } }

    func end(_ outcome: Result<BuildID, any Error>) { result.withLock { $0 = outcome } }
  }

  /// With requests of the largest size, so many still fit into a transaction.
  private static let mostAtOnce = 32

  private let waiting = Mutex<[JobName: [Start]]>([:])

  /// How many wait.
  func count(of job: JobName) -> Int { waiting.withLock { $0[job]?.count ?? 0 } }

  func add(_ start: Start) { waiting.withLock { $0[start.request.job, default: []].append(start) } }

  /// Takes out the next ones to be started together.
  func take(of job: JobName) -> [Start] {
    waiting.withLock { waiting in
      guard var starts = waiting[job] else { return [] }
      let taken = Array(starts.prefix(Self.mostAtOnce))
      starts.removeFirst(taken.count)
      waiting[job] = starts.isEmpty ? nil : starts
      return taken
    }
  }

  /// Takes one out that is not wanted any more.
  func remove(_ start: Start) {
    waiting.withLock { waiting in
      waiting[start.request.job]?.removeAll { $0 === start }
      if waiting[start.request.job]?.isEmpty == true { waiting[start.request.job] = nil }
    }
  }
}
