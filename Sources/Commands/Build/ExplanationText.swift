package import Model

/// An explanation for people.
package struct ExplanationText {
  private let view: ExplanationView

  package init(_ view: ExplanationView) {
    self.view = view
  }

  /// A line for the build, and one for each task that has not ended.
  package func text(colours: Bool) -> String {
    let build = "\(view.job)/\(view.build)"
    if let verdict = view.verdict {
      return "\(build): \(Style(verdict).applied(to: verdict.rawValue, colours: colours)); nothing of it waits\n"
    }
    let whole = view.reason.map { TerminalText.line("\(build): \($0.message)") } ?? "\(build): under way"
    let width = view.tasks.map { TerminalText.width(of: $0.task.rawValue) }.max() ?? 0
    let lines = view.tasks.map { task in
      let padding = String(repeating: " ", count: width - TerminalText.width(of: task.task.rawValue))
      return TerminalText.line("  \(task.task)\(padding)  \(task.reason.message)")
    }
    return ([whole] + lines).joined(separator: "\n") + "\n"
  }
}
