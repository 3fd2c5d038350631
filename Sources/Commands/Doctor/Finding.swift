/// What one check of `distci doctor` found.
package struct Finding: Hashable, Sendable, Codable {
  /// What was looked at, in a word or two.
  package var check: String
  package var isGood: Bool
  /// A sentence without its full stop.
  package var message: String
  /// What to do, where something is wrong.
  package var remedy: String?

  package static func good(_ check: String, _ message: String) -> Finding {
    Finding(check: check, isGood: true, message: message)
  }

  package static func bad(_ check: String, _ message: String, remedy: String) -> Finding {
    Finding(check: check, isGood: false, message: message, remedy: remedy)
  }
}

extension [Finding] {
  /// A line for each, with the remedy below where there is one.
  package func text(colours: Bool) -> String {
    let width = map { TerminalText.width(of: $0.check) }.max() ?? 0
    return map { finding in
      let mark = (finding.isGood ? Style.good : .bad).applied(to: finding.isGood ? "good " : "WRONG", colours: colours)
      let padding = String(repeating: " ", count: width - TerminalText.width(of: finding.check))
      let remedy = finding.remedy.map { "\n" + String(repeating: " ", count: width + 9) + TerminalText.line($0) } ?? ""
      return "\(mark)  \(finding.check)\(padding)  \(TerminalText.line(finding.message))\(remedy)\n"
    }
    .joined()
  }
}
