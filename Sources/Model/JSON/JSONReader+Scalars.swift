/// Strings, numbers and words.
extension JSONReader {
  mutating func string() throws(JSONSyntaxError) -> String {
    let opening = fail("the string is never closed", "close it with '\"' on the same line")
    index += 1
    var text: [UInt8] = []
    var marks = 0
    while let byte = next {
      switch byte {
      case UInt8(ascii: "\""):
        index += 1
        return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"):
        let start = self
        let scalar = try escape()
        try start.count(scalar, &marks)
        text.append(contentsOf: String(scalar).utf8)
      case 0..<0x20:
        if byte == 0x0A || byte == 0x0D { throw opening }
        throw fail("a control character stands in a string", "write it as an escape, such as \\t or \\u001B")
      case 0x20..<0x80:
        text.append(byte)
        marks = 0
        index += 1
      default:
        guard let (scalar, length) = UTF8Decoding.scalar(in: bytes, at: index) else {
          throw fail("the text is not UTF-8 here (byte 0x\(hexadecimal(byte)))", "save it as UTF-8")
        }
        try count(scalar, &marks)
        text.append(contentsOf: bytes[index..<(index + length)])
        index += length
        continuationBytes += length - 1
      }
    }
    throw opening
  }

  /// Counts the combining marks since the last character that is none.
  private func count(_ scalar: Unicode.Scalar, _ marks: inout Int) throws(JSONSyntaxError) {
    guard scalar.value >= 0x300, scalar.properties.canonicalCombiningClass != .notReordered else {
      marks = 0
      return
    }
    marks += 1
    guard marks <= Self.mostMarks else {
      throw fail("more than \(Self.mostMarks) combining marks follow one character", "remove them")
    }
  }

  /// Reads an escape, from its backslash on.
  private mutating func escape() throws(JSONSyntaxError) -> Unicode.Scalar {
    let start = self
    index += 1
    guard let letter = next else { throw start.fail("the text ends in an escape", "complete it") }
    index += 1
    switch letter {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape(from: start)
    default:
      throw start.fail("a backslash stands before something that is no escape", "write \\\\ for a backslash")
    }
  }

  private mutating func unicodeEscape(from start: JSONReader) throws(JSONSyntaxError) -> Unicode.Scalar {
    let lone = start.fail("the escape is half of a surrogate pair", "write both halves, or the character itself")
    let high = try fourDigits(from: start)
    if let scalar = Unicode.Scalar(high) {
      guard high != 0 else { throw start.fail("a NUL character stands in a string", "remove it") }
      return scalar
    }
    guard high < 0xDC00, take("\\"), take("u") else { throw lone }
    let low = try fourDigits(from: start)
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw lone }
    return scalar
  }

  private mutating func fourDigits(from start: JSONReader) throws(JSONSyntaxError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let byte = next, let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
        throw start.fail("\\u is not followed by four hexadecimal digits", "write all four, such as \\u00e4")
      }
      value = value << 4 | UInt32(digit)
      index += 1
    }
    return value
  }

  private func hexadecimal(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return digits.utf8.count == 1 ? "0" + digits : digits
  }

  mutating func number() throws(JSONSyntaxError) -> String {
    let start = self
    _ = take("-")
    let leadingZero = next == UInt8(ascii: "0")
    let whole = takeDigits()
    if whole == 0, let byte = next, byte.isLetter { throw start.notANumber }
    guard whole > 0, !(leadingZero && whole > 1) else { throw start.badNumber }
    if take("."), takeDigits() == 0 { throw start.badNumber }
    if take("e") || take("E") {
      _ = take("+") || take("-")
      if takeDigits() == 0 { throw start.badNumber }
    }
    if let byte = next, byte.isLetter || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") {
      throw start.badNumber
    }
    return String(decoding: bytes[start.index..<index], as: UTF8.self)
  }

  private mutating func takeDigits() -> Int {
    let start = index
    while let byte = next, (0x30...0x39).contains(byte) { index += 1 }
    return index - start
  }

  private var badNumber: JSONSyntaxError {
    fail("this is not a JSON number", "write it in decimal, such as 5, -1 or 0.5, or put it in quotes")
  }

  private var notANumber: JSONSyntaxError {
    fail("JSON has no NaN and no Infinity", "use a number, a string or null")
  }

  /// Reads `true`, `false` or `null`, or says what stands here instead.
  mutating func word() throws(JSONSyntaxError) -> JSONNode.Content {
    let start = self
    while let byte = next, byte.isLetter, index - start.index < 16 { index += 1 }
    let word = String(decoding: bytes[start.index..<index], as: UTF8.self)
    switch word {
    case "true": return .boolean(true)
    case "false": return .boolean(false)
    case "null": return .null
    case "NaN", "Infinity", "nan", "inf", "infinity": throw start.notANumber
    case "": throw start.unexpected
    default: throw start.fail("\(word) is not a JSON value", "put text in double quotes")
    }
  }

  private var unexpected: JSONSyntaxError {
    switch next {
    case UInt8(ascii: "/"), UInt8(ascii: "#"):
      fail("a comment stands where a value should", "remove it: JSON has no comments")
    case UInt8(ascii: "'"): fail("text stands in single quotes", "use double quotes")
    default: fail("\(found) stands where a value should", "write a string, number, object, array, true, false or null")
    }
  }
}

extension UInt8 {
  fileprivate var isLetter: Bool { (0x41...0x5A).contains(self) || (0x61...0x7A).contains(self) }
}
