import Model

/// Waits for the end of a build and tells on the standard error how it gets on: in one live line on a terminal, in a line for
/// each change elsewhere.
struct BuildWatch {
  let client: ServerClient
  let console: Console

  /// - Throws: ``CommandFailure`` when the server is away for longer than the client's patience.
  func end(of build: BuildID) async throws -> BuildView {
    let live = LiveLine(console: console)
    var latest: BuildView?
    while true {
      let began = ContinuousClock.now
      let view = try await client.build(build, wait: step) { failure in try await tell(failure, live) }
      try await tell(view, after: latest, live)
      latest = view
      if view.verdict != nil { break }
      // A server that answers at once is not asked without end.
      try await Task.sleep(until: began + Self.shortest)
    }
    try await live.clear()
    guard let latest else { preconditionFailure("the loop ends with a view") }
    return latest
  }

  /// Seconds between two looks at a build that goes on; its end is told at once.
  private var step: Int { console.errorIsTerminal ? 1 : 5 }

  private static let shortest = Duration.milliseconds(200)

  private func tell(_ view: BuildView, after latest: BuildView?, _ live: LiveLine) async throws {
    if console.errorIsTerminal {
      try await live.show(BuildProgress.line(view, now: .now))
    } else {
      for line in BuildProgress.changes(from: latest, to: view) { try await console.note(line) }
    }
  }

  private func tell(_ failure: CommandFailure, _ live: LiveLine) async throws {
    let text = "\(failure.message); trying again"
    if console.errorIsTerminal {
      try await live.show(text)
    } else {
      try await console.note(TerminalText.line(text))
    }
  }
}
