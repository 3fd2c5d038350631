/// One of the five fields of a cron expression: the values at which it holds.
struct CronField: Hashable, Sendable {
  enum Kind: String, CaseIterable {
    case minute, hour
    case day = "day of the month"
    case month
    case weekday = "day of the week"

    var range: ClosedRange<Int> {
      switch self {
      case .minute: 0...59
      case .hour: 0...23
      case .day: 1...31
      case .month: 1...12
      // Sunday is 0, and 7 as well.
      case .weekday: 0...7
      }
    }

    /// What `H` may come to: every month has such a day, and Sunday is there once.
    var hashedRange: ClosedRange<Int> {
      switch self {
      case .day: 1...28
      case .weekday: 0...6
      case .minute, .hour, .month: range
      }
    }

    /// Names of values, from the least on.
    var names: [String] {
      switch self {
      case .month: ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
      case .weekday: ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]
      case .minute, .hour, .day: []
      }
    }
  }

  /// One bit for each value.
  private var bits: UInt64 = 0
  /// Whether it begins with `*`: of the two fields for days, such a one does not add days to the other.
  let isOpen: Bool

  /// - Parameter job: what `H` is the hash of.
  init(_ text: Substring, _ kind: Kind, job: String) throws(ValidationError) {
    isOpen = text.first == "*"
    let hash = StableHash.of("\(job)/\(kind.rawValue)")
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      for value in try CronPart(part, kind).values(hash) { bits |= 1 << UInt64(kind == .weekday ? value % 7 : value) }
    }
  }

  func contains(_ value: Int) -> Bool { bits & (1 << UInt64(value)) != 0 }

  func values(of kind: Kind) -> [Int] { kind.range.filter(contains) }
}

/// One element of a field's list: `*`, `5`, `MON-FRI`, `10-40/5`, `*/15`, `H`, `H/15` or `H(0-7)`.
private struct CronPart {
  private let range: ClosedRange<Int>
  private let step: Int
  /// Whether it begins at a value that is worked out from the job's name.
  private let isHashed: Bool

  init(_ text: Substring, _ kind: CronField.Kind) throws(ValidationError) {
    let halves = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let base = halves[0]
    isHashed = base.first == "H" && (base.count == 1 || base.dropFirst().first == "(")
    if isHashed {
      guard base.count == 1 || base.last == ")" else { throw Self.error(text, kind) }
      range = base.count == 1 ? kind.hashedRange : try Self.range(base.dropFirst(2).dropLast(), kind, text)
    } else if base == "*" {
      range = kind == .weekday ? 0...6 : kind.range
    } else {
      let single = try Self.range(base, kind, text)
      // As in crontab(5) of most systems, `5/10` goes on to the end.
      range = halves.count == 2 && !base.contains("-") ? single.lowerBound...kind.range.upperBound : single
    }
    guard halves.count == 2 else {
      step = 1
      return
    }
    guard let step = Self.number(halves[1]), (1...kind.range.upperBound).contains(step) else {
      throw ValidationError(
        "the step \(String(halves[1]).quoted) of the \(kind.rawValue) is no number from 1 to \(kind.range.upperBound)",
        remedy: "write for example */5")
    }
    self.step = step
  }

  func values(_ hash: UInt64) -> [Int] {
    guard isHashed else { return Array(stride(from: range.lowerBound, through: range.upperBound, by: step)) }
    let choices = step == 1 ? range.count : min(step, range.count)
    let first = range.lowerBound + Int(hash % UInt64(choices))
    return step == 1 ? [first] : Array(stride(from: first, through: range.upperBound, by: step))
  }

  private static func range(
    _ text: Substring, _ kind: CronField.Kind, _ part: Substring
  ) throws(ValidationError) -> ClosedRange<Int> {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count <= 2, let first = value(ends[0], kind), var last = value(ends[ends.count - 1], kind) else {
      throw error(part, kind)
    }
    // FRI-SUN, and SAT-0.
    if kind == .weekday, last == 0, first > 0 { last = 7 }
    guard first <= last else {
      throw ValidationError(
        "\(String(part).quoted) for the \(kind.rawValue) goes backwards", remedy: "write the smaller value first")
    }
    return first...last
  }

  private static func value(_ text: Substring, _ kind: CronField.Kind) -> Int? {
    if let index = kind.names.firstIndex(of: text.uppercased()) { return kind.range.lowerBound + index }
    return number(text).flatMap { kind.range.contains($0) ? $0 : nil }
  }

  private static func number(_ text: Substring) -> Int? {
    guard (1...2).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }

  private static func error(_ part: Substring, _ kind: CronField.Kind) -> ValidationError {
    let names = kind.names.isEmpty ? "" : ", or \(kind.names[0]) to \(kind.names[kind.names.count - 1])"
    return ValidationError(
      "\(String(part).quoted) is no \(kind.rawValue)",
      remedy: "write numbers from \(kind.range.lowerBound) to \(kind.range.upperBound)\(names), *, 1-5, */2, H, "
        + "or a list of these with commas")
  }
}
