import Foundation

/// One text for a repository however it is addressed, to find the jobs that a push may start.
package enum RepositoryIdentity {
  /// - Parameter address: `owner/name`, a clone URL, `user@host:path` or a local path.
  /// - Returns: `owner/name`, `host/path` or `/path`: lower case but for local paths, without `.git`.
  package static func of(_ address: String) -> String {
    if address.hasPrefix("/") { return trimmed(address) }
    guard let scheme = address.range(of: "://") else { return trimmed(withoutShortUser(address).lowercased()) }
    let rest = address[scheme.upperBound...]
    if address.hasPrefix("file://") { return trimmed(String(rest)) }
    let host = rest.prefix { $0 != "/" }
    let name = host.split(separator: "@").last.map(String.init) ?? ""
    return trimmed((name + rest.dropFirst(host.count)).lowercased())
  }

  /// Whether an address is that of a repository that a forge calls `owner/name`, or that has another address.
  package static func names(_ address: String, _ pushed: String) -> Bool {
    // As forges do, without regard to case.
    let (asked, pushed) = (of(address).lowercased(), of(pushed).lowercased())
    return asked == pushed || asked.hasSuffix("/" + pushed)
  }

  /// `git@host:owner/name` as `host/owner/name`.
  private static func withoutShortUser(_ address: String) -> String {
    guard let colon = address.firstIndex(of: ":") else { return address }
    let host = address[..<colon].split(separator: "@").last ?? ""
    return "\(host)/\(address[address.index(after: colon)...])"
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.utf8.count > 1, text.utf8.last == UInt8(ascii: "/") { text = text.dropLast() }
    if text.hasSuffix(".git") { text = text.dropLast(4) }
    return String(text)
  }
}
