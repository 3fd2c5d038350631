/// One line at the bottom of a terminal that is written again and again. Where there is no terminal, it is not written.
struct LiveLine: Sendable {
  let console: Console

  /// Puts a text in place of the one before. A line longer than the terminal is cut by the terminal.
  func show(_ text: String) async throws {
    guard console.errorIsTerminal else { return }
    // To the line's beginning, no wrapping, text, clear the rest, wrapping again.
    try await console.writeError(Array("\r\u{1B}[?7l\(TerminalText.line(text))\u{1B}[K\u{1B}[?7h".utf8))
  }

  func clear() async throws {
    guard console.errorIsTerminal else { return }
    try await console.writeError(Array("\r\u{1B}[K".utf8))
  }
}
