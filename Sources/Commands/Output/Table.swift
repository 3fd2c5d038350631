/// Rows of text in aligned columns.
package struct Table: Sendable {
  package struct Cell: Sendable, ExpressibleByStringInterpolation {
    let text: String
    let style: Style

    /// - Parameter text: from anywhere; it is made harmless here.
    package init(_ text: String, _ style: Style = .plain) {
      self.text = TerminalText.line(text)
      self.style = style
    }

    package init(stringLiteral value: String) {
      self.init(value)
    }
  }

  private let headings: [Cell]
  private var rows: [[Cell]] = []

  package init(_ headings: String...) {
    self.headings = headings.map { Cell($0, .heading) }
  }

  /// - Parameter row: as many cells as there are headings.
  package mutating func add(_ row: Cell...) {
    precondition(row.count == headings.count)
    rows.append(row)
  }

  /// Two spaces between columns and none at the end of a line; every line ends in a line break.
  package func text(colours: Bool) -> String {
    let all = [headings] + rows
    let widths = headings.indices.map { column in
      all.map { TerminalText.width(of: $0[column].text) }.max() ?? 0
    }
    return all.map { line($0, widths, colours) + "\n" }.joined()
  }

  private func line(_ row: [Cell], _ widths: [Int], _ colours: Bool) -> String {
    let used = row.lastIndex { !$0.text.isEmpty } ?? 0
    return row[...used].enumerated().map { column, cell in
      let padding = column == used ? 0 : widths[column] - TerminalText.width(of: cell.text)
      return cell.style.applied(to: cell.text, colours: colours) + String(repeating: " ", count: padding)
    }
    .joined(separator: "  ")
  }
}
