/// Where a git repository is: `https`, `ssh`, `git` or `file` as a URL, `user@host:path`, or an absolute path.
///
/// Whatever else git understands is refused: transports that run a command (`ext::`), options, and passwords, which
/// would end up in logs and in the stored job.
package struct RepositoryAddress: Hashable, Sendable, CustomStringConvertible {
  package enum Transport: String, Hashable, Sendable {
    case https, ssh, git, file
  }

  package let text: String
  package let transport: Transport

  /// Whether the repository is on the machine that checks it out.
  package var isLocal: Bool { transport == .file }

  package var description: String { text }

  /// - Throws: ``ValidationError`` when the text is no address, or one that is refused.
  package init(_ text: String) throws(ValidationError) {
    try Self.checkCharacters(of: text)
    self.text = text
    if text.utf8.first == UInt8(ascii: "/") {
      transport = .file
      try Self.checkLocal(path: text)
    } else if let scheme = Self.scheme(of: text) {
      transport = try Self.transport(for: scheme)
      try Self.check(Substring(text.utf8.dropFirst(scheme.utf8.count + 3)), transport: transport)
    } else {
      transport = .ssh
      try Self.checkShort(text)
    }
  }

  /// Checks `owner/name` at a forge.
  package static func isForgeName(_ text: String) -> Bool {
    let parts = text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return parts.count == 2 && text.utf8.count <= 256
      && parts.allSatisfy { part in
        !part.isEmpty && part.first != UInt8(ascii: "-") && part.first != UInt8(ascii: ".")
          && part.allSatisfy(isNameByte)
      }
  }

  private static func checkCharacters(of text: String) throws(ValidationError) {
    guard !text.isEmpty else { throw ValidationError("the repository is empty", remedy: remedy) }
    guard text.utf8.count <= 2048 else {
      throw ValidationError("the repository's address has more than 2,048 bytes", remedy: remedy)
    }
    try ControlCharacters.refuse(in: text, of: "the repository")
    guard text.utf8.first != UInt8(ascii: "-") else {
      throw ValidationError("the repository starts with '-'", remedy: "git would take it for an option")
    }
    // git takes `transport::address` for a helper to run, whatever the transport is called.
    let beforeHelper = text.utf8.prefix { isNameByte($0) || $0 == UInt8(ascii: "+") }
    guard !text.utf8.dropFirst(beforeHelper.count).starts(with: "::".utf8) else {
      throw ValidationError("the repository uses the transport '\(Substring(beforeHelper))::'", remedy: remedy)
    }
    guard !text.utf8.contains(UInt8(ascii: " ")), !text.utf8.contains(UInt8(ascii: "\\")) else {
      throw ValidationError("the repository's address holds a space or a backslash", remedy: remedy)
    }
  }

  private static func scheme(of text: String) -> Substring? {
    let scheme = text.prefix { $0 != ":" }
    return text.utf8.dropFirst(scheme.utf8.count).starts(with: "://".utf8) ? scheme : nil
  }

  private static func transport(for scheme: Substring) throws(ValidationError) -> Transport {
    guard let transport = Transport(rawValue: scheme.lowercased()) else {
      throw ValidationError("the repository's scheme \(String(scheme).quoted) is not taken", remedy: remedy)
    }
    return transport
  }

  private static func check(_ rest: Substring, transport: Transport) throws(ValidationError) {
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let path = rest.dropFirst(authority.count)
    if transport == .file {
      guard authority.isEmpty || authority == "localhost" else {
        throw ValidationError("a file:// address names a host", remedy: "write file:///absolute/path")
      }
      return try checkLocal(path: String(path))
    }
    let host = try host(of: authority, transport: transport)
    try checkHost(host)
    guard path.utf8.count > 1, path.utf8.first == UInt8(ascii: "/") else {
      throw ValidationError("the repository's address has a host and no path", remedy: remedy)
    }
  }

  private static func host(of authority: Substring, transport: Transport) throws(ValidationError) -> Substring {
    guard let end = authority.lastIndex(of: "@") else { return authority }
    let user = authority[..<end]
    // A user name of https is often a token itself, so only ssh may name a user.
    guard transport == .ssh, !user.contains(":") else { throw credentials }
    guard isUser(user) else { throw ValidationError("the repository's user name is not one", remedy: remedy) }
    return authority[authority.index(after: end)...]
  }

  private static func checkHost(_ text: Substring) throws(ValidationError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    let isLiteralAddress = text.first == "[" && text.contains("]")
    let host = isLiteralAddress ? text.prefix { $0 != "]" }.dropFirst() : parts.first ?? ""
    let port = isLiteralAddress ? text.drop { $0 != "]" }.dropFirst() : text.dropFirst(host.count)
    let isHost =
      !host.isEmpty && host.first != "-"
      && host.utf8.allSatisfy { isNameByte($0) || (isLiteralAddress && $0 == UInt8(ascii: ":")) }
    let isPort = port.isEmpty || (port.first == ":" && UInt16(port.dropFirst()) != nil)
    guard isHost, isPort else {
      throw ValidationError("the repository's address has no proper host and port", remedy: remedy)
    }
  }

  /// `user@host:path`
  private static func checkShort(_ text: String) throws(ValidationError) {
    guard let colon = text.firstIndex(of: ":"), !text[..<colon].contains("/") else {
      throw ValidationError("\(text.quoted) is not the address of a repository", remedy: remedy)
    }
    let path = text[text.index(after: colon)...]
    guard !path.utf8.contains(UInt8(ascii: "@")) else { throw credentials }
    let parts = text[..<colon].split(separator: "@", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || isUser(parts[0]), let host = parts.last else {
      throw ValidationError("the repository's user name is not one", remedy: remedy)
    }
    try checkHost(host)
    guard !path.isEmpty, path.utf8.first != UInt8(ascii: "-") else {
      throw ValidationError("the repository's address has a host and no path", remedy: remedy)
    }
  }

  private static func checkLocal(path: String) throws(ValidationError) {
    let components = path.utf8.split(separator: UInt8(ascii: "/"))
    guard path.utf8.first == UInt8(ascii: "/"), !components.isEmpty,
      !components.contains(where: { $0.elementsEqual("..".utf8) })
    else {
      throw ValidationError(
        "the repository's path \(path.quoted) is not absolute, or has a '..'", remedy: "write the whole path")
    }
  }

  private static func isUser(_ user: Substring) -> Bool {
    !user.isEmpty && user.first != "-" && user.utf8.allSatisfy(isNameByte)
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F: true
    default: false
    }
  }

  private static let remedy =
    "write https://HOST/PATH, ssh://[USER@]HOST/PATH, git://HOST/PATH, USER@HOST:PATH, file:///PATH or an absolute path"

  private static let credentials = ValidationError(
    "the repository's address holds a user name with https or git, or a password",
    remedy: "remove it, and put the secret into the worker's credentials file")
}
