import Coordination
import Model
import ObjectStorage
import SharedRepository

/// A build that the test moves on, in the place of workers.
struct BuildInProgress {
  let id: BuildID
  private let repository: SharedRepository
  private let plan: Plan
  private var state: BuildState

  init(_ id: BuildID, _ repository: SharedRepository) async throws {
    self.id = id
    self.repository = repository
    let running = try await repository.runningBuild(id)
    guard let running else { throw RepositoryError.noBuild(id) }
    plan = try await repository.plan(of: running.record)
    state = running.record.state
    _ = state.advance(plan, .start, now: repository.now())
    try await store()
  }

  /// Claims the present attempt at a task.
  ///
  /// - Returns: where the attempt keeps what it makes.
  func claim(_ task: Int) async throws -> AttemptStorage {
    let record = ClaimRecord(
      slot: SlotID(worker: WorkerID(rawValue: "tester"), number: 0), token: token(task), since: repository.now())
    // It may wait in a queue already.
    let (place, data) = (place(task), try JSONBytes.encode(record))
    if try await repository.session.read(place) == nil {
      try await repository.session.create(place, data)
    } else {
      try await repository.session.write(place, data)
    }
    return storage(task)
  }

  private func place(_ task: Int) -> NodePath {
    NodeMap.place(of: id, ticket: "t\(task)a\(state.tasks[task].currentAttempt)")
  }

  func storage(_ task: Int) -> AttemptStorage {
    repository.storage(of: id, task: plan.tasks[task].name, token: token(task))
  }

  /// Ends the present attempt at a task.
  mutating func end(_ task: Int, _ verdict: Verdict, logSize: Int = 0, artifacts: Int = 0) async throws {
    let attempt = state.tasks[task].currentAttempt
    try? await repository.session.delete(place(task))
    let now = repository.now()
    let outcome = AttemptOutcome(
      task: task, attempt: attempt, token: token(task), worker: "tester", verdict: verdict,
      message: verdict == .succeeded ? nil : "the script exited with status 1",
      exitStatus: verdict == .succeeded ? 0 : 1, started: now, finished: now, logSize: logSize, artifacts: artifacts)
    _ = state.advance(plan, .ended(outcome), now: now)
    try await store()
  }

  /// Ends the present attempt at a task that has told about tests, and with it the build.
  mutating func endWithTests(_ task: Int, _ count: Int, commit: String) async throws {
    try? await repository.session.delete(place(task))
    let now = repository.now()
    let outcome = AttemptOutcome(
      task: task, attempt: state.tasks[task].currentAttempt, token: token(task), worker: "tester", verdict: .succeeded,
      started: now, finished: now, commit: commit, tests: count)
    _ = state.advance(plan, .ended(outcome), now: now)
    try await store()
    guard let running = try await repository.runningBuild(id) else { throw RepositoryError.noBuild(id) }
    let ended = EndedBuild(record: running.record, version: running.version, started: [], notes: [])
    _ = try await repository.record(ended, after: running)
    if let tests = try await repository.testsAtEnd(of: running.record) {
      try await repository.keep(tests, of: plan.request, version: running.version)
    }
    try await repository.session.delete(NodeMap.build(id))
  }

  /// Runs a task to its end, with this output.
  mutating func run(_ task: Int, _ verdict: Verdict = .succeeded, output: String) async throws {
    var log = storage(task).log
    try await log.append(Array(output.utf8))
    try await end(task, verdict, logSize: log.length)
  }

  private func token(_ task: Int) -> String { "tester~0~\(task + 1)" }

  private func store() async throws {
    guard let running = try await repository.runningBuild(id) else { throw RepositoryError.noBuild(id) }
    let record = BuildRecord(request: running.record.request, state: state)
    let data = try JSONBytes.encode(record)
    try await repository.session.commit([.write(NodeMap.build(id), data, expecting: running.version)]) {
      try await repository.session.read(NodeMap.build(id))?.data == data
    }
  }
}
