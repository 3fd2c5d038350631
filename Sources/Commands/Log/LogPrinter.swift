import Model

/// Prints a log in the form that suits where it goes: as it is, safe for a terminal, or as JSON.
struct LogPrinter {
  private enum Form {
    case raw
    case terminal(LogSanitizer)
    case json(LogLines)
  }

  private let console: Console
  private var form: Form

  /// - Parameter json: whether to print an object for each line.
  init(console: Console, json: Bool) {
    self.console = console
    form = json ? .json(LogLines()) : .raw
    if !json, console.outputIsTerminal { form = .terminal(LogSanitizer(colours: console.colours)) }
  }

  mutating func print(_ piece: [UInt8]) async throws {
    switch form {
    case .raw: try await console.write(piece)
    case .terminal(var sanitizer):
      let text = sanitizer.feed(piece)
      form = .terminal(sanitizer)
      try await console.write(text)
    case .json(var lines):
      let complete = lines.feed(piece)
      form = .json(lines)
      for line in complete { try await console.print(json: line) }
    }
  }

  /// Prints what was held back.
  mutating func finish() async throws {
    switch form {
    case .raw: break
    case .terminal(var sanitizer): try await console.write(sanitizer.finish())
    case .json(let lines): if let rest = lines.rest { try await console.print(json: rest) }
    }
  }
}
