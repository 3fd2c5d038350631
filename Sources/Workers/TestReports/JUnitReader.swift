import Foundation
import FoundationXML
import Model

/// Reads a report in the XML that JUnit made popular: `testsuites` of `testsuite` of `testcase`, which may hold `failure`,
/// `error` or `skipped`. What else there is does not matter.
///
/// A report is made by the code under test, and so may hold anything: what declares entities, or lies deep, is refused, and
/// only as much of its texts is kept as ``TestLimits`` allow.
final class JUnitReader: NSObject, XMLParserDelegate {
  private static let deepest = 64
  private static let roots = ["testsuites", "testsuite"]

  private let most: Int
  private var cases: [ReportedCase] = []
  private var depth = 0
  private var hasBegun = false
  private var suites: [(name: String, file: String?)] = []
  private var current: ReportedCase?
  /// The text of the failure that is being read.
  private var text: String?
  private var refusal: ReportError?

  /// - Returns: the results, `most` at most.
  static func cases(in data: Data, atMost most: Int) throws(ReportError) -> [ReportedCase] {
    // The parser does not tell of declarations. In the encodings without zeros that there are, each has these bytes.
    guard !data.contains(0) else { throw ReportError("it is not UTF-8, as it holds zeros") }
    guard data.range(of: Data("<!ENTITY".utf8)) == nil else {
      throw ReportError("it declares an entity, or quotes such a declaration")
    }
    let reader = JUnitReader(most)
    let parser = XMLParser(data: data)
    parser.shouldResolveExternalEntities = false
    parser.delegate = reader
    // It takes a text for good that ends too early.
    let isComplete = parser.parse() && reader.hasBegun && reader.depth == 0
    if let refusal = reader.refusal { throw refusal }
    guard isComplete else { throw ReportError("it is not complete XML, as line \(parser.lineNumber) shows") }
    return reader.cases
  }

  private init(_ most: Int) {
    self.most = most
  }

  private func refuse(_ parser: XMLParser, _ reason: String) {
    refusal = refusal ?? ReportError(reason)
    parser.abortParsing()
  }

  // MARK: - Elements

  func parser(
    _ parser: XMLParser, didStartElement element: String, namespaceURI: String?, qualifiedName: String?,
    attributes: [String: String]
  ) {
    depth += 1
    hasBegun = true
    guard depth <= Self.deepest else {
      return refuse(parser, "its elements lie deeper than \(Self.deepest)")
    }
    guard depth > 1 || Self.roots.contains(element) else {
      return refuse(parser, "it is no JUnit report, as it begins with <\(element.bounded(to: 60))>")
    }
    switch element {
    case "testsuite": suites.append((attributes["name"] ?? "", attributes["file"] ?? attributes["filepath"]))
    case "testcase": begin(attributes)
    case "failure", "error":
      current?.result.outcome = .failed
      text = attributes["message"].map { $0 + "\n" } ?? ""
    case "skipped": if current?.result.outcome != .failed { current?.result.outcome = .skipped }
    default: break
    }
  }

  func parser(
    _ parser: XMLParser, didEndElement element: String, namespaceURI: String?, qualifiedName: String?
  ) {
    depth -= 1
    switch element {
    case "testsuite": _ = suites.popLast()
    case "testcase":
      if let current, cases.count < most { cases.append(current) }
      current = nil
    case "failure", "error":
      if let text, current?.result.message == nil {
        let message = text.bounded(to: TestLimits.messageBytes).trimmingCharacters(in: .whitespaces)
        current?.result.message = message.isEmpty ? nil : message
      }
      text = nil
    default: break
    }
  }

  func parser(_ parser: XMLParser, foundCharacters string: String) {
    if let known = text, known.utf8.count <= TestLimits.messageBytes { text = known + string }
  }

  func parser(_ parser: XMLParser, foundCDATA block: Data) {
    self.parser(parser, foundCharacters: String(decoding: block, as: UTF8.self))
  }

  private func begin(_ attributes: [String: String]) {
    let suite = suites.last
    let place = attributes["classname"].flatMap { $0.isEmpty ? nil : $0 } ?? suite?.name ?? ""
    let name = [place, attributes["name"] ?? ""].filter { !$0.isEmpty }.joined(separator: ".")
    let isSkipped = attributes["status"] == "notrun" || attributes["status"] == "skipped"
    let result = TestResult(
      name: name.isEmpty ? "(no name)" : name.bounded(to: TestLimits.nameBytes),
      outcome: isSkipped ? .skipped : .passed, milliseconds: Self.milliseconds(attributes["time"] ?? ""))
    let hints = [attributes["file"], suite?.file, attributes["classname"], suite?.name].compactMap(\.self)
    current = ReportedCase(result: result, hints: hints.map { String($0.prefix(1_024)) })
  }

  /// - Parameter seconds: such as `0.25`, or `1,250.5` as some programs write.
  private static func milliseconds(_ seconds: String) -> Int {
    guard let value = Double(seconds.filter { $0 != "," }), value.isFinite, value > 0 else { return 0 }
    return Int(min(value * 1_000, 30 * 86_400_000).rounded())
  }
}
