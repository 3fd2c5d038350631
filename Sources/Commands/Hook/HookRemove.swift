import ArgumentParser

struct HookRemove: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "remove", abstract: "Take the hook away again.",
    discussion: """
      A hook that was there before 'distci hook install' is put back.

      EXAMPLES
        distci hook remove /srv/git/library.git
      """)

  @Argument(help: "The repository's folder, bare or not.")
  var repository: String
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let place = try HookPlace(repository)
    let isRestored = try place.remove()
    guard !output.json else {
      return try await Console.current.print(
        json: HookView(hook: place.hook, repository: place.repository, earlier: isRestored ? place.hook : nil))
    }
    try await Console.current.print(
      "\(TerminalText.line(place.hook)): removed" + (isRestored ? "; the hook that was there before is back" : ""))
  }
}
