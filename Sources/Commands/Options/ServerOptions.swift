import ArgumentParser
import Foundation

/// Which server a command talks to.
struct ServerOptions: ParsableArguments {
  @Option(
    name: .long,
    help: ArgumentHelp(
      "The server's URL; without it DISTCI_SERVER, and without that http://127.0.0.1:8080.", valueName: "url"))
  var server: String?

  /// - Throws: ``CommandFailure`` with `usage` when the address is none.
  func client() throws(CommandFailure) -> ServerClient { ServerClient(try address()) }

  /// - Throws: ``CommandFailure`` with `usage` when the address is none.
  func address() throws(CommandFailure) -> ServerAddress {
    let environment = ProcessInfo.processInfo.environment["DISTCI_SERVER"].flatMap { $0.isEmpty ? nil : $0 }
    return try ServerAddress(server ?? environment ?? ServerAddress.usual)
  }
}
