import Glibc
import Model
import Testing

extension Site {
  /// Starts a host's pool, and returns when it is ready to run slots.
  @discardableResult
  func pool(capacity: Int, options: [String] = []) async throws -> DistCIProcess {
    let process = try startPool(capacity: capacity, options: options)
    try await process.logged("Ready to run slots")
    return process
  }

  /// Starts a host's pool, and does not wait for it.
  func startPool(capacity: Int, options: [String] = [], failpoints: String? = nil) throws -> DistCIProcess {
    try run(["worker", "pool", "--capacity", String(capacity)] + options, on: true, failpoints: failpoints)
  }

  /// Sets how many shell slots are wanted, and waits until so many run.
  func scale(to number: Int) async throws {
    _ = try await command("scale", "execute-shell", "--slots", String(number))
    try await settles(at: number)
  }

  /// Waits until as many workers in seats take tickets as there are seats: this many.
  func settles(at number: Int) async throws {
    try await eventually("\(number) seats are filled") {
      guard try await shells().running == number else { return false }
      let filling = try await workers().filter { $0.seat != nil && !$0.draining }
      return filling.count == number
    }
  }

  func shells() async throws -> ScaleView {
    try await answer("GET", "/api/v1/scale/execute-shell/-").json(ScaleView.self)
  }

  /// How many seats each pool holds, by its process.
  func seats() async throws -> [Int: Int] {
    let pools = try await answer("GET", "/api/v1/pools").json([PoolView].self)
    // One that has lost its session stands there twice until that has ended.
    return Dictionary(pools.map { ($0.process, $0.running) }, uniquingKeysWith: +)
  }

  /// The process of the worker that holds a ticket of a build.
  func holder(of build: BuildID) async throws -> pid_t {
    var process: Int?
    try await eventually("a worker has a ticket of \(build)") {
      process = try await workers().first { $0.busy.contains { $0.build == build.number && $0.job == build.job } }?
        .process
      return process != nil
    }
    return pid_t(try #require(process))
  }
}
