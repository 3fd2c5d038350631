/// Says on the standard error what is being measured.
struct BenchProgress: Sendable {
  let console: Console

  func say(_ text: String) async throws {
    if console.errorIsTerminal {
      try await LiveLine(console: console).show(text)
    } else {
      try await console.note(text)
    }
  }

  func finish() async throws { try await LiveLine(console: console).clear() }
}
