extension String {
  /// The text in quotes, for a message: control characters escaped, and shortened if it is long.
  package var quoted: String {
    let shown = String(String.UnicodeScalarView(unicodeScalars.prefix(80)))
    let quoted = JSONValue.string(shown).text
    return shown.utf8.count == utf8.count ? quoted : quoted.dropLast() + "…\""
  }
}
