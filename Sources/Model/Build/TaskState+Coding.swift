/// The stored form of a task's state. A task to which nothing has happened is one byte; of any other, a number says what
/// follows: its lowest four bits are the phase, the others tell which of the rest there is.
extension TaskState {
  private enum Mark {
    static let attempts: UInt64 = 1 << 4
    static let needs: UInt64 = 1 << 5
    static let checkout: UInt64 = 1 << 6
    static let reason: UInt64 = 1 << 7
    /// Of what is known to be so, or known not to be so, the first bit says that it is known, and the second what.
    static let excused: UInt64 = 1 << 8
    static let follows: UInt64 = 1 << 10
    static let place: UInt64 = 1 << 12
    static let approval: UInt64 = 1 << 13

    static let most: UInt64 = 1 << 14

    static func of(_ flag: Bool?, _ mark: UInt64) -> UInt64 { flag.map { $0 ? mark | mark << 1 : mark } ?? 0 }

    static func flag(_ marks: UInt64, _ mark: UInt64) throws -> Bool? {
      switch (marks & mark > 0, marks & mark << 1 > 0) {
      case (true, let flag): flag
      case (false, false): nil
      case (false, true): throw DecodingError.damaged("it says what it does not know")
      }
    }
  }

  func write(into writer: inout ByteWriter) {
    writer.add(marks)
    if case .posted(let time) = phase { writer.add(time) }
    if case .resting(let time) = phase { writer.add(time) }
    if !attempts.isEmpty {
      writer.add(UInt64(attempts.count))
      let attempts = attempts.span
      for index in attempts.indices { attempts[index].write(into: &writer) }
    }
    if let endedNeeds { writer.add(endedNeeds) }
    if let checkout { writer.add(checkout) }
    if let reason { writer.add(reason) }
    place?.write(into: &writer)
    if let approval {
      writer.add(approval.by)
      writer.add(approval.at)
    }
  }

  /// Whether nothing has happened to it.
  package var isUntouched: Bool { marks == 0 }

  private var marks: UInt64 {
    phase.mark | (attempts.isEmpty ? 0 : Mark.attempts) | (endedNeeds == nil ? 0 : Mark.needs)
      | (checkout == nil ? 0 : Mark.checkout) | (reason == nil ? 0 : Mark.reason) | Mark.of(excused, Mark.excused)
      | Mark.of(followsFailure, Mark.follows) | (place == nil ? 0 : Mark.place) | (approval == nil ? 0 : Mark.approval)
  }

  init(from reader: inout ByteReader) throws {
    let marks = try reader.unsigned()
    guard marks < Mark.most else { throw DecodingError.damaged("it says more than is known") }
    self.init(phase: try Phase(mark: marks & 0xf, from: &reader))
    if marks & Mark.attempts > 0 {
      for _ in 0..<(try reader.count()) { attempts.append(try AttemptOutcome(from: &reader)) }
    }
    if marks & Mark.needs > 0 { endedNeeds = try reader.number() }
    if marks & Mark.checkout > 0 { checkout = try reader.number() }
    if marks & Mark.reason > 0 { reason = try reader.text() }
    excused = try Mark.flag(marks, Mark.excused)
    followsFailure = try Mark.flag(marks, Mark.follows)
    if marks & Mark.place > 0 { place = try EnvironmentPlace(from: &reader) }
    if marks & Mark.approval > 0 { approval = Approval(by: try reader.text(), at: try reader.time()) }
  }
}

extension TaskState.Phase {
  fileprivate var mark: UInt64 {
    switch self {
    case .waiting: 0
    case .ready: 1
    case .posted: 2
    case .resting: 3
    case .ended(let verdict): 4 + UInt64(verdict.code)
    }
  }

  fileprivate init(mark: UInt64, from reader: inout ByteReader) throws {
    switch mark {
    case 0: self = .waiting
    case 1: self = .ready
    case 2: self = .posted(at: try reader.time())
    case 3: self = .resting(until: try reader.time())
    default: self = .ended(try Verdict(code: UInt8(mark - 4)))
    }
  }
}

extension Verdict {
  /// In what is stored, where it stays what it is.
  var code: UInt8 {
    switch self {
    case .succeeded: 0
    case .failed: 1
    case .errored: 2
    case .cancelled: 3
    case .timedOut: 4
    case .skipped: 5
    }
  }

  init(code: UInt8) throws {
    guard let verdict = Verdict.allCases.first(where: { $0.code == code }) else {
      throw DecodingError.damaged("there is no verdict \(code)")
    }
    self = verdict
  }
}

extension EnvironmentPlace {
  fileprivate func write(into writer: inout ByteWriter) {
    writer.add(environment.rawValue)
    writer.add(status.rawValue)
    writer.add(since)
    // Positions are counted from nothing upwards.
    writer.add(position.map { $0 &+ 1 } ?? 0)
  }

  fileprivate init(from reader: inout ByteReader) throws {
    let environment: DeployTarget = try reader.name()
    guard let status = Status(rawValue: try reader.text()) else { throw DecodingError.damaged("a place is unknown") }
    let since = try reader.time()
    let position = try reader.number()
    self.init(status, at: environment, since: since, position: position == 0 ? nil : position &- 1)
  }
}
