import Model

/// A build that a command has started, and may have to wait for.
struct StartedBuild {
  let view: BuildView
  let client: ServerClient
  let console: Console
  let output: OutputOptions

  var build: BuildID { BuildID(job: view.job, number: view.build) }

  /// Says that it was started, and how it ended.
  ///
  /// - Parameters:
  ///   - purpose: added to what is said for people.
  ///   - wait: whether to wait for its end.
  /// - Throws: ``ExitStatus`` when it was waited for and did not succeed; what the server or the console throws.
  func tell(_ purpose: String = "", wait: Bool) async throws {
    if !output.json { try await console.print("\(build): started\(purpose)") }
    guard wait else {
      if output.json { try await console.print(json: view) }
      return
    }
    let ended = try await BuildWatch(client: client, console: console).end(of: build)
    if output.json {
      try await console.print(json: ended)
    } else {
      try await console.print(BuildText(ended, console: console).summary)
    }
    let status = ExitStatus(ended.verdict)
    guard status == .good else { throw status }
  }
}
