/// A git command that did not succeed.
struct GitError: Error, CustomStringConvertible {
  let command: String
  let output: String
  private let ending: String
  /// What git itself says: neither the other side's words nor the address, which may hold any word.
  private let ownWords: String

  /// - Parameter quoting: texts of others that git repeats in its messages, such as an address.
  init(_ command: String, _ ending: String, output: String, quoting: [String] = []) {
    self.command = command
    self.ending = ending
    self.output = output
    let lines = output.split(whereSeparator: \.isNewline).filter { !$0.hasPrefix("remote:") }
    ownWords = quoting.filter { $0.utf8.count > 2 }.reduce(lines.joined(separator: "\n")) { text, quoted in
      text.replacing(quoted, with: "…")
    }
  }

  var description: String { "git \(command) \(ending): \(words)" }

  /// What git says about it, in a line.
  var words: String {
    let lines = output.split(whereSeparator: \.isNewline)
    let telling = lines.filter { line in Self.marks.contains { line.hasPrefix($0) } }
    return (telling.isEmpty ? lines.suffix(3) : telling.prefix(3)).joined(separator: "; ")
  }

  private static let marks = ["fatal:", "error:", "ERROR:", "remote:"]

  /// Whether it may well go better the next time, or elsewhere: the network, the server or this machine is at fault, and
  /// not the address or the ref. In git's words, and in those of curl and ssh, as there are no codes.
  var isTransient: Bool {
    Self.transient.contains { ownWords.contains($0) }
  }

  private static let transient = [
    "Could not resolve host", "Temporary failure in name resolution", "Name or service not known", "unable to look up",
    "Failed to connect", "unable to connect", "onnection timed out", "Operation timed out", "onnection refused",
    "onnection reset", "Connection closed by", "No route to host", "Network is unreachable", "early EOF",
    "unexpected disconnect", "RPC failed", "The requested URL returned error: 5",
    "The requested URL returned error: 429",
    "gnutls_handshake", "SSL_ERROR_SYSCALL", "Empty reply from server", "No space left on device", "Out of memory",
    "Cannot allocate memory", "Too many open files", "Input/output error", "Disk quota exceeded",
  ]

  /// Whether a ref was not pushed because somebody else had moved it.
  var isOvertaken: Bool {
    ["(stale info)", "(fetch first)", "(non-fast-forward)", "cannot lock ref", "failed to update ref"].contains {
      output.contains($0)
    }
  }

  /// Whether the mirror is at fault: to be made again.
  var isCorruption: Bool {
    !Self.elsewhere.contains { ownWords.contains($0) } && Self.corruption.contains { ownWords.contains($0) }
  }

  /// It is the other repository that is meant.
  private static let elsewhere = ["Could not read from remote repository", "does not appear to be a git repository"]

  private static let corruption = [
    "is corrupt", "object file", "bad object", "not a git repository", "data stream error", "bad config",
    "unable to read tree", "unable to read sha1", "missing blob", "missing tree", "missing commit", "packfile",
    "index-pack failed", "did not send all necessary objects", "unable to unpack", "garbage at end of loose object",
    "invalid object",
  ]
}
