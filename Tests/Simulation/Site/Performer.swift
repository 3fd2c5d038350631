import Coordination
import Model
import SharedRepository
import Workers

/// Does tasks as the history tells it to: takes its time, ends as it should, and is remembered.
struct Performer: TaskPerformer {
  let kind: TaskKind
  let clock: SimulatedClock
  let history: History

  func perform(_ assignment: Assignment) async throws -> Performance {
    let run = history.begin(
      assignment.attempt, session: assignment.repository.session.id, at: clock.process.world.now)
    defer { history.leave(run) }
    clock.process.world.note(clock.process.name, "begins run \(run) of \(assignment.attempt.request.build)")
    switch history.plan(of: assignment.attempt) {
    case .lasting(let duration, let verdict):
      try await clock.sleep(for: .microseconds(duration))
      history.complete(run, verdict)
      return Performance(verdict, commit: "run\(run)")
    case .breaking(let duration):
      try await clock.sleep(for: .microseconds(duration))
      throw Breakdown()
    case .untilStopped:
      try await clock.sleep(for: .seconds(1_000_000))
      return Performance(.failed, message: "was not stopped")
    }
  }
}

/// Something on our side went wrong.
struct Breakdown: Error {}
