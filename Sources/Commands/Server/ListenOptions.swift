import ArgumentParser
import Foundation
import Frontend

/// Where a frontend listens, and who may reach it.
struct ListenOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Where to listen. Port 0 takes a free one.",
      discussion: "Also DISTCI_LISTEN. Only this machine can reach the default.", valueName: "host:port"))
  var listen: String?

  @Option(
    help: ArgumentHelp(
      "A name under which browsers and forges reach the frontend, such as ci.example.org. May be given several times.",
      valueName: "host"))
  var publicName: [String] = []

  func configuration(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) throws -> FrontendConfiguration {
    let (host, port) = try Self.address(listen ?? environment["DISTCI_LISTEN"] ?? "127.0.0.1:8080")
    return FrontendConfiguration(
      host: host, port: port, publicNames: publicName, webhookSecrets: try Self.secrets(environment))
  }

  static func address(_ text: String) throws -> (host: String, port: Int) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      colon != text.startIndex
    else { throw ArgumentParser.ValidationError("--listen \(text) is not an address; write HOST:PORT") }
    let host = text[..<colon]
    return (host.hasPrefix("[") && host.hasSuffix("]") ? String(host.dropFirst().dropLast()) : String(host), Int(port))
  }

  /// Secrets come from the environment or a file, one a line, never from arguments, which everybody on the machine can read.
  private static func secrets(_ environment: [String: String]) throws -> [String] {
    var text = environment["DISTCI_GITHUB_WEBHOOK_SECRET"] ?? ""
    if let file = environment["DISTCI_GITHUB_WEBHOOK_SECRET_FILE"] {
      do {
        text += "\n" + (try String(contentsOfFile: file, encoding: .utf8))
      } catch {
        throw ArgumentParser.ValidationError("DISTCI_GITHUB_WEBHOOK_SECRET_FILE: \(file) cannot be read")
      }
    }
    return text.split(whereSeparator: \.isNewline).map(String.init).filter { !$0.isEmpty }
  }
}
