import ArgumentParser
import Foundation

struct HookInstall: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "install", abstract: "Have a repository tell a server what is pushed to it.",
    discussion: """
      Writes a post-receive hook. Jobs whose push trigger names the repository, by
      its path or a file:// URL, are built for each branch or tag that is pushed. A
      hook that is there already is kept, and runs first. When the server is not
      there, the push succeeds all the same, and says that nothing is built.

      EXAMPLES
        distci hook install /srv/git/library.git
        distci hook install . --server https://ci.example.org
        distci hook install /srv/git/library.git --as git@git.example.org:library.git
      """)

  @Argument(help: "The repository's folder, bare or not.")
  var repository: String
  @Option(
    name: .customLong("as"),
    help: ArgumentHelp(
      "Another address by which jobs know the repository. May be given several times.", valueName: "address"))
  var addresses: [String] = []
  @Option(help: ArgumentHelp("The program that the hook runs; without it, this one.", valueName: "path"))
  var program: String?
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    guard addresses.count < 10 else {
      throw CommandFailure(.usage, "\(addresses.count) addresses are given", remedy: "9 are the most")
    }
    let place = try HookPlace(repository)
    let script = HookScript(
      program: program ?? Self.thisProgram, server: try server.address().description,
      names: [place.repository] + addresses)
    let isChained = try place.install(script.text)
    guard !output.json else {
      return try await Console.current.print(
        json: HookView(hook: place.hook, repository: place.repository, earlier: isChained ? place.earlier : nil))
    }
    var text = "\(TerminalText.line(place.hook)): installed; jobs know the repository as \(place.repository)"
    if isChained { text += "\nthe hook that was there runs first: it is now \(place.earlier)" }
    try await Console.current.print(text)
  }

  private static var thisProgram: String {
    (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? "distci"
  }
}

/// What the commands for hooks print.
struct HookView: Encodable {
  var hook: String
  var repository: String
  /// Where the hook is that was there before.
  var earlier: String?
}
