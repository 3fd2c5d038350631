import Model

/// Reads a report in the XML that JUnit made popular: `testsuites` of `testsuite` of `testcase`, which may hold `failure`,
/// `error` or `skipped`. What else there is does not matter. Only as much of its texts is kept as ``TestLimits`` allow.
struct JUnitReader {
  private static let deepest = 64
  private static let roots = ["testsuites", "testsuite"]

  private let most: Int
  private var cases: [ReportedCase] = []
  /// The elements that have begun and not ended.
  private var open: [String] = []
  private var suites: [(name: String, file: String?)] = []
  private var current: ReportedCase?
  /// The text of the failure that is being read.
  private var story: String?

  /// - Returns: the results, `most` at most.
  static func cases(in bytes: [UInt8], atMost most: Int) throws(ReportError) -> [ReportedCase] {
    var reader = JUnitReader(most)
    var scanner = try XMLScanner(bytes)
    var hasBegun = false
    while let piece = try scanner.next() {
      switch piece {
      case .start(let name, let attributes, let isEmpty):
        guard !hasBegun || !reader.open.isEmpty else { throw scanner.malformed }
        hasBegun = true
        try reader.begin(name, attributes)
        if isEmpty { reader.end(name) }
      case .end(let name):
        guard reader.open.last == name else { throw scanner.malformed }
        reader.end(name)
      case .text(let text, let isLiteral):
        guard !reader.open.isEmpty || text.allSatisfy(XMLScanner.isSpace) else { throw scanner.malformed }
        reader.take(text, isLiteral)
      }
    }
    guard hasBegun, reader.open.isEmpty else { throw scanner.malformed }
    return reader.cases
  }

  private init(_ most: Int) {
    self.most = most
  }

  private mutating func begin(_ element: String, _ attributes: [String: String]) throws(ReportError) {
    guard !open.isEmpty || Self.roots.contains(element) else {
      throw ReportError("it is no JUnit report, as it begins with <\(element.bounded(to: 60))>")
    }
    open.append(element)
    guard open.count <= Self.deepest else { throw ReportError("its elements lie deeper than \(Self.deepest)") }
    switch element {
    case "testsuite":
      suites.append(
        (
          (attributes["name"] ?? "").bounded(to: 1_024),
          (attributes["file"] ?? attributes["filepath"])?.bounded(to: 1_024)
        ))
    case "testcase": current = cases.count < most ? testCase(attributes) : nil
    case "failure", "error":
      current?.result.outcome = .failed
      story = attributes["message"].map { $0.bounded(to: TestLimits.messageBytes) + "\n" } ?? ""
    case "skipped": if current?.result.outcome != .failed { current?.result.outcome = .skipped }
    default: break
    }
  }

  private mutating func end(_ element: String) {
    open.removeLast()
    switch element {
    case "testsuite": _ = suites.popLast()
    case "testcase":
      if let current, cases.count < most { cases.append(current) }
      current = nil
    case "failure", "error":
      if let story, current?.result.message == nil { current?.result.message = Self.message(story) }
      story = nil
    default: break
    }
  }

  private mutating func take(_ text: ArraySlice<UInt8>, _ isLiteral: Bool) {
    guard let known = story, known.utf8.count <= TestLimits.messageBytes else { return }
    story = known + XMLScanner.text(text.prefix(8 * TestLimits.messageBytes), isLiteral: isLiteral)
  }

  private static func message(_ story: String) -> String? {
    let words = story.split { $0 == " " || $0.isNewline || $0 == "\t" }
    return words.isEmpty ? nil : words.joined(separator: " ").bounded(to: TestLimits.messageBytes)
  }

  private func testCase(_ attributes: [String: String]) -> ReportedCase {
    let suite = suites.last
    let place = attributes["classname"].flatMap { $0.isEmpty ? nil : $0.bounded(to: 1_024) } ?? suite?.name ?? ""
    let name = [place, (attributes["name"] ?? "").bounded(to: TestLimits.nameBytes)].filter { !$0.isEmpty }.joined(
      separator: ".")
    let isSkipped = attributes["status"] == "notrun" || attributes["status"] == "skipped"
    let result = TestResult(
      name: name.isEmpty ? "(no name)" : name.bounded(to: TestLimits.nameBytes),
      outcome: isSkipped ? .skipped : .passed, milliseconds: Self.milliseconds(attributes["time"] ?? ""))
    let hints = [attributes["file"], suite?.file, attributes["classname"], suite?.name].compactMap(\.self)
    return ReportedCase(result: result, hints: hints.map { $0.bounded(to: 1_024) })
  }

  /// - Parameter seconds: such as `0.25`, or `1,250.5` as some programs write.
  private static func milliseconds(_ seconds: String) -> Int {
    guard let value = Double(seconds.filter { $0 != "," }), value.isFinite, value > 0 else { return 0 }
    return Int(min(value * 1_000, 30 * 86_400_000).rounded())
  }
}
