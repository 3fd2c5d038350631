/// Characters that have no place in a name, a path or an address: they would end a line, a field or a C string.
enum ControlCharacters {
  /// - Throws: ``ValidationError`` when the text holds one. `what` names the text, as in "the ref".
  static func refuse(in text: String, of what: String) throws(ValidationError) {
    guard text.unicodeScalars.contains(where: isControl) else { return }
    throw ValidationError("\(what) holds a control character or line break", remedy: "remove it")
  }

  static func isControl(_ scalar: Unicode.Scalar) -> Bool {
    scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) || scalar.value == 0x2028 || scalar.value == 0x2029
  }
}
