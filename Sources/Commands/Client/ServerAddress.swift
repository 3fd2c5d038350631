import Foundation
import Model

/// The URL of a frontend: scheme, host, port, and a path where a proxy puts the server below one.
package struct ServerAddress: Hashable, Sendable, CustomStringConvertible {
  /// Where `distci standalone` listens unless it is told otherwise.
  package static let usual = "http://127.0.0.1:8080"

  /// Without a `/` at its end.
  package let description: String

  /// - Throws: ``CommandFailure`` with `usage` for anything but an `http` or `https` URL with a host.
  package init(_ text: String) throws(CommandFailure) {
    guard let url = URLComponents(string: text), ["http", "https"].contains(url.scheme?.lowercased()),
      url.host?.isEmpty == false, url.user == nil, url.password == nil, url.query == nil, url.fragment == nil
    else {
      throw CommandFailure(
        .usage, "\(text.quoted) is not the URL of a server", remedy: "write it like \(ServerAddress.usual)")
    }
    description = String(text.reversed().drop { $0 == "/" }.reversed())
  }
}
