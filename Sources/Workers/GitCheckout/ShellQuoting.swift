/// Text as one word of a shell command, for programs that insist on running one.
package enum ShellQuoting {
  package static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
  }
}
