/// Text as one word of a shell command, for programs that insist on running one.
enum ShellQuoting {
  static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
