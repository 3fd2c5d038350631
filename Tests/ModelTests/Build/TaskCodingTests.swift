import Measurement
import Testing

@testable import Model

/// The stored form of tasks' states.
struct TaskCodingTests {
  @Test("What is stored of any tasks is what is read again, and says the same each time")
  func roundTrip() throws {
    var random = SeededGenerator(seed: 1)
    for _ in 0..<300 {
      let page = (0..<Int.random(in: 0...40, using: &random)).map { _ in random.taskState() }
      let bytes = TaskTable.bytes(of: page)
      #expect(bytes == TaskTable.bytes(of: page))
      #expect(try TaskTable.page(of: bytes) == page)
      var table = TaskTable(count: page.count)
      for (index, task) in page.enumerated() { table[index] = task }
      #expect(try JSONBytes.decode(TaskTable.self, from: JSONBytes.encode(table)) == table)
    }
  }

  @Test("No field is forgotten")
  func fields() throws {
    var random = SeededGenerator(seed: 2)
    let known = Set([
      "task", "attempt", "token", "worker", "verdict", "message", "exitStatus", "started", "finished", "logSize",
      "workspace", "addsToWorkspace", "artifacts", "commit", "source", "matchedOutput", "tests", "workerLost",
      "generated", "jobFiles", "madeIn",
    ])
    #expect(Set(Mirror(reflecting: random.outcome()).children.compactMap(\.label)) == known)
    let states = Set([
      "phase", "attempts", "reason", "excused", "place", "approval", "endedNeeds", "followsFailure", "checkout",
    ])
    #expect(Set(Mirror(reflecting: TaskState()).children.compactMap(\.label)) == states)
  }

  @Test("A task to which nothing has happened is one byte; what is stored of others is short")
  func size() throws {
    #expect(TaskTable.bytes(of: Array(repeating: TaskState(), count: 32)).count == 34)
    let outcome = AttemptOutcome(
      task: 9_999, attempt: 1, token: "00000001000000ab", worker: "host~1", verdict: .succeeded,
      started: Timestamp(milliseconds: 1_700_000_000_000), finished: Timestamp(milliseconds: 1_700_000_001_000))
    #expect(TaskTable.bytes(of: [TaskState(phase: .ended(.succeeded), attempts: [outcome])]).count < 60)
  }

  @Test("What was stored before is still read, and the version after this one is an error that says so")
  func versions() throws {
    var random = SeededGenerator(seed: 3)
    let page = (0..<32).map { _ in random.taskState() }
    let earlier = try JSONBytes.encode(page)
    #expect(earlier.first == UInt8(ascii: "["))
    #expect(try TaskTable.page(of: earlier) == page)
    #expect(Array(try JSONBytes.decode(TaskTable.self, from: earlier)) == page)
    var later = TaskTable.bytes(of: page)
    later[0] += 1
    let error = #expect(throws: DecodingError.self) { try TaskTable.page(of: later) }
    #expect("\(try #require(error))".contains("version 2, and this program knows 1: use a newer one"))
  }

  @Test("Bytes that nobody wrote so are an error, or some other state, and nothing else")
  func damage() throws {
    var random = SeededGenerator(seed: 4)
    var errors = 0
    for _ in 0..<20_000 {
      var bytes = TaskTable.bytes(of: (0..<Int.random(in: 1...4, using: &random)).map { _ in random.taskState() })
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let position = Int.random(in: 0..<bytes.count, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: bytes[position] = .random(in: 0...255, using: &random)
        case 1: bytes.insert(.random(in: 0...255, using: &random), at: position)
        case 2: bytes.replaceSubrange(position..., with: repeatElement(0xff, count: 12))
        default: bytes.removeSubrange(position...)
        }
        if bytes.isEmpty { bytes = [1] }
      }
      do {
        let page = try TaskTable.page(of: bytes)
        #expect(try TaskTable.page(of: TaskTable.bytes(of: page)) == page)
      } catch is DecodingError {
        errors += 1
      }
    }
    #expect(errors > 5_000)
  }
}

extension SeededGenerator {
  private mutating func maybe<Value>(_ value: (inout Self) throws -> Value) rethrows -> Value? {
    Bool.random(using: &self) ? try value(&self) : nil
  }

  private mutating func number() -> Int {
    [0, -1, 1, 63, 64, -65, .max, .min, Int.random(in: -1_000...1_000_000, using: &self)].randomElement(using: &self)
      ?? 0
  }

  private mutating func text() -> String {
    ["", "a", "grüße 👋", String(repeating: "x", count: 200), "\u{0}\"\\\n"].randomElement(using: &self) ?? ""
  }

  private mutating func time() -> Timestamp { Timestamp(milliseconds: Int64(number())) }

  private mutating func build() -> BuildID? { try? BuildID(job: JobName("job"), number: number()) }

  fileprivate mutating func outcome() -> AttemptOutcome {
    var outcome = AttemptOutcome(
      task: number(), attempt: number(), token: text(), worker: text(),
      verdict: Verdict.allCases.randomElement(using: &self) ?? .failed, message: maybe { $0.text() },
      exitStatus: maybe { $0.number() }, started: time(), finished: time(), logSize: number(),
      workspace: (0..<Int.random(in: 0...2, using: &self)).map { _ in text() }, addsToWorkspace: .random(using: &self),
      artifacts: number(), commit: maybe { $0.text() }, source: build(), matchedOutput: maybe { $0.text() },
      tests: maybe { $0.number() }, workerLost: maybe { .random(using: &$0) }, generated: maybe { $0.number() })
    if Bool.random(using: &self) { outcome.madeIn = build() }
    if Bool.random(using: &self) { outcome.jobFiles = .random(in: 0...64, using: &self) }
    return outcome
  }

  fileprivate mutating func taskState() -> TaskState {
    guard Bool.random(using: &self) else { return TaskState() }
    let phases: [TaskState.Phase] =
      [.waiting, .ready, .posted(at: time()), .resting(until: time())] + Verdict.allCases.map { .ended($0) }
    var state = TaskState(
      phase: phases.randomElement(using: &self) ?? .waiting,
      attempts: (0..<Int.random(in: 0...2, using: &self)).map { _ in outcome() }, reason: maybe { $0.text() })
    state.excused = maybe { .random(using: &$0) }
    state.followsFailure = maybe { .random(using: &$0) }
    state.endedNeeds = maybe { $0.number() }
    state.checkout = maybe { $0.number() }
    state.approval = maybe { Approval(by: $0.text(), at: $0.time()) }
    let statuses: [EnvironmentPlace.Status] = [.unapproved, .waits, .holds]
    if Bool.random(using: &self), let stage = try? DeployTarget("stage"),
      let status = statuses.randomElement(using: &self)
    {
      state.place = EnvironmentPlace(
        status, at: stage, since: time(), position: maybe { Int.random(in: 0...9, using: &$0) })
    }
    return state
  }
}
