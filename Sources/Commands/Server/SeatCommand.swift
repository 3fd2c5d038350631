import Coordination
import Execution
import Foundation
import Model
import Workers

/// How a pool starts the worker of one seat. What it may read stands in its environment, which holds nothing else; what
/// everybody on the machine may read stands in its arguments.
struct SeatCommand: Sendable {
  let arguments: [String]
  let environment: [String: String]

  /// What a worker takes from the pool's own environment: where things are, and in which language; no secret.
  private static let inherited = [
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "TZ", "TMPDIR", "XDG_DATA_HOME", "LD_LIBRARY_PATH",
    "DISTCI_COORDINATION", "DISTCI_OBJECTS", "DISTCI_DATA", "DISTCI_SERVER", "DISTCI_RUNNER", "DISTCI_GIT_CREDENTIALS",
    "DISTCI_ALLOW_LOCAL_REPOSITORIES",
  ]

  init(
    stores: StoreOptions, options: WorkerOptions, server: String?,
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) {
    var own = environment.filter { Self.inherited.contains($0.key) }
    let given = [
      "DISTCI_COORDINATION": stores.coordination, "DISTCI_OBJECTS": stores.objects, "DISTCI_DATA": stores.data,
      "DISTCI_SERVER": server, "DISTCI_GIT_CREDENTIALS": options.gitCredentials,
      "DISTCI_ALLOW_LOCAL_REPOSITORIES": options.allowLocalRepositories ? "1" : nil,
    ]
    for case (let name, let value?) in given { own[name] = value }
    self.environment = own
    arguments = [
      ("--drain-timeout", options.drainTimeout), ("--grace", options.grace), ("--log-limit", options.logLimit),
    ]
    .flatMap { name, value in value.map { [name, String($0)] } ?? [] }
  }

  /// - Throws: `ExecutionError` with `infrastructure`.
  func start(_ held: HeldSeat) async throws -> SupervisedProcess {
    let queue = held.seat.queue
    let labels = queue.labels.flatMap { ["--label", $0.rawValue] }
    let seat = ["--seat", String(held.seat.number), "--pool", held.pool]
    return try await SupervisedProcess.start(
      arguments: ["worker", "run", queue.kind.rawValue] + labels + seat + arguments, environment: environment)
  }
}
