extension String {
  /// The text for a place where room is short: control characters become spaces, and what takes more than so many bytes of
  /// UTF-8 is cut off, with an ellipsis.
  package func bounded(to bytes: Int) -> String {
    var bounded = String.UnicodeScalarView()
    var used = 0
    for scalar in unicodeScalars {
      let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
      let kept = isControl ? " " as Unicode.Scalar : scalar
      used += UTF8.width(kept)
      guard used <= bytes else { return String(bounded) + "…" }
      bounded.append(kept)
    }
    return String(bounded)
  }
}
