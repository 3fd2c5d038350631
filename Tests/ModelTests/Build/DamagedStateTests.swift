import Foundation
import Measurement
import Testing

@testable import Model

/// States that a damaged store gives back.
struct DamagedStateTests {
  /// A build of forty tasks in lines of five, with all that a state may have in it.
  private func begun(_ random: inout SeededGenerator) throws -> TestBuild {
    var build = try TestBuild((0..<40).map { $0 < 5 ? [] : [$0 - 5] }, timeout: 60)
    build.start()
    for task in 0..<20 {
      var outcome = build.outcome(task, 1, .succeeded)
      outcome.commit = task < 5 ? "c0ffee" : nil
      if Int.random(in: 0..<5, using: &random) == 0 { outcome.verdict = [.failed, .errored][task % 2] }
      build.apply(.ended(outcome))
    }
    if let task = build.posted.first {
      build.hold(task, at: EnvironmentPlace(.waits, at: try DeployTarget("stage"), since: Timestamp(milliseconds: 4)))
    }
    switch Int.random(in: 0..<4, using: &random) {
    case 0: build.cancel()
    case 1:
      let task = build.state.tasks.indices.first {
        if case .posted = build.state.tasks[$0].phase { true } else { false }
      }
      if let task {
        try build.end(task, generating: [.init(name: try TaskName("more"), needs: [], work: build.plan.tasks[0].work)])
      }
    default: break
    }
    return build
  }

  @Test("Each number that stands for nothing that there is has a name, and a state that was not damaged has none")
  func flaws() throws {
    var random = SeededGenerator(seed: 5)
    let sound = try begun(&random).state
    #expect(sound.wholeFlaw == nil)
    let damages: [(String, (inout BuildState) -> Void)] = [
      ("a task that is not there", { $0.tasks[39].checkout = 40 }),
      ("a task that is not there", { $0.tasks[39].checkout = -1 }),
      ("more that it needs", { $0.tasks[0].endedNeeds = 41 }),
      ("more that it needs", { $0.tasks[0].endedNeeds = .max }),
      ("an attempt was at task 7", { $0.tasks[0].attempts[0].task = 7 }),
      ("numbers that nothing is counted by", { $0.tasks[0].attempts[0].attempt = .max }),
      ("numbers that nothing is counted by", { $0.tasks[0].attempts[0].logSize = -1 }),
      ("no such time", { $0.tasks[0].phase = .resting(until: Timestamp(milliseconds: .max)) }),
      ("no such time", { $0.deadline = Timestamp(milliseconds: .min) }),
      ("waits that is not there", { $0.gated = [40] }),
      ("more is left", { $0.backlog = Backlog(untold: -1) }), ("more is left", { $0.backlog = Backlog(turns: .max) }),
      ("a list was written", { $0.generators = [Generator(task: 40, count: 0)] }),
      ("a list was written", { $0.generators = [Generator(task: 39, count: 1)] }),
      ("a list is too long", { $0.generators = [Generator(task: 0, count: .max), Generator(task: 0, count: .max)] }),
    ]
    for (words, damage) in damages {
      var state = sound
      damage(&state)
      #expect(state.wholeFlaw?.contains(words) ?? false, "\(words): \(state.wholeFlaw ?? "nothing")")
    }
    // What is known to be sound is not looked at.
    var state = sound
    state.tasks[39].checkout = 40
    #expect(state.flaw(on: 0..<2) == nil && state.flaw(on: [2]) != nil)
  }

  @Test("Whatever the stores make of a state, it is an error, or one that can be gone on with")
  func anything() throws {
    var random = SeededGenerator(seed: 6)
    var (unread, flawed, used) = (0, 0, 0)
    for _ in 0..<3_000 {
      let build = try begun(&random)
      #expect(build.state.wholeFlaw == nil)
      do {
        let state = try random.damaged(build.state)
        guard state.wholeFlaw == nil, state.tasks.count == build.plan.tasks.count else {
          flawed += 1
          continue
        }
        used += 1
        use(build.resuming(state), &random)
      } catch is DecodingError {
        unread += 1
      }
    }
    #expect(unread > 100 && flawed > 100 && used > 100, "\(unread) \(flawed) \(used)")
  }

  /// All that anybody does with a state that was read.
  private func use(_ damaged: TestBuild, _ random: inout SeededGenerator) {
    var build = damaged
    let end = Timestamp(milliseconds: 9)
    var events: [BuildEvent] = [
      .start, .due(.timeout), .proceed(turn: 1), .cancel(by: "ada", at: end),
      .supersede(by: build.plan.request.build, at: end),
    ]
    for (index, task) in build.state.tasks.enumerated() {
      events.append(.ended(build.outcome(index, task.currentAttempt, .succeeded)))
      events.append(.due(.retry(task: index, attempt: task.currentAttempt)))
      events.append(.approve(task: index, by: "ada", at: end))
      _ = (build.state.workspace(before: index, build.plan), build.state.commit(before: index, build.plan))
      _ = (build.state.workspace(after: index, build.plan), task.attempts.map { $0.finished.since($0.started) })
      _ = task.attempts.map(\.started.text)
    }
    _ = (build.state.timers, build.state.leaving(build.plan), build.state.verdict)
    _ = try? build.state.repeated(.failed, build.plan)
    for event in events.shuffled(using: &random) { build.apply(event, isHeld: Bool.random(using: &random)) }
  }
}

extension SeededGenerator {
  /// What is stored of a state, changed in some places, and read again.
  fileprivate mutating func damaged(_ state: BuildState) throws -> BuildState {
    var text = String(decoding: try JSONBytes.encode(state), as: UTF8.self)
    let tasks = String(decoding: try JSONBytes.encode(state.tasks), as: UTF8.self)
    if Bool.random(using: &self) {
      var bytes = Array(try JSONBytes.decode(Data.self, from: Array(tasks.utf8)))
      for _ in 0..<Int.random(in: 1...3, using: &self) {
        let position = Int.random(in: 2..<bytes.count, using: &self)
        let end = min(bytes.count, position + 10)
        switch Int.random(in: 0..<3, using: &self) {
        case 0: bytes[position] = .random(in: 0...255, using: &self)
        case 1: bytes[position] &+= 1
        default: bytes.replaceSubrange(position..<end, with: Array(repeating: 0xff, count: 9) + [1])
        }
      }
      text = text.replacing(tasks, with: String(decoding: try JSONBytes.encode(Data(bytes)), as: UTF8.self))
    } else {
      let numbers = text.replacing(tasks, with: "").matches(of: /-?\d+/).map { String($0.output) }
      let hostile = [-1, 0, 1, 39, 40, 41, 10_000, 1 << 48, .max, .min].randomElement(using: &self) ?? 0
      if let number = numbers.randomElement(using: &self) {
        text = text.replacing(":\(number)", with: ":\(hostile)").replacing("[\(number)", with: "[\(hostile)")
      }
    }
    return try JSONBytes.decode(BuildState.self, from: Array(text.utf8))
  }
}

extension BuildState {
  /// Of any of its pages.
  fileprivate var wholeFlaw: String? { flaw(on: 0..<tasks.pageCount) }
}
