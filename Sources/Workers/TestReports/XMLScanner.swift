/// Takes XML apart: tags, and the text between them. Comments, processing instructions and the document's type are passed over;
/// entities are never declared nor looked up, so a text cannot grow nor bring other files along.
///
/// Code under test may write anything, and Foundation's `XMLParser` brings the process down on bytes that are no text; here
/// nothing can be worse than an error. Takes time linear in the length.
struct XMLScanner {
  enum Piece {
    /// A tag that begins an element; where it `isEmpty`, no other ends it.
    case start(String, attributes: [String: String], isEmpty: Bool)
    case end(String)
    /// Text as it stands there, and whether references in it stand for themselves.
    case text(ArraySlice<UInt8>, isLiteral: Bool)
  }

  private let bytes: [UInt8]
  private var position = 0
  private static let longestName = 200

  /// - Throws: ``ReportError`` when it is not UTF-8.
  init(_ bytes: [UInt8]) throws(ReportError) {
    guard String(validating: bytes, as: UTF8.self) != nil else { throw ReportError("it is not UTF-8") }
    self.bytes = bytes
    _ = take("\u{FEFF}")
  }

  /// - Returns: `nil` at the end.
  mutating func next() throws(ReportError) -> Piece? {
    while position < bytes.count {
      guard bytes[position] == UInt8(ascii: "<") else {
        let start = position
        position = bytes[start...].firstIndex(of: UInt8(ascii: "<")) ?? bytes.count
        return .text(bytes[start..<position], isLiteral: false)
      }
      if take("<!--") {
        _ = try skip(past: "-->")
      } else if take("<?") {
        _ = try skip(past: "?>")
      } else if take("<![CDATA[") {
        return .text(try skip(past: "]]>"), isLiteral: true)
      } else if take("<!DOCTYPE") {
        guard !(try skip(past: ">")).contains(UInt8(ascii: "[")) else {
          throw ReportError("it declares entities or the like, which no report needs")
        }
      } else if take("</") {
        let name = try name()
        skipSpace()
        guard take(">") else { throw malformed }
        return .end(name)
      } else {
        position += 1
        return try start()
      }
    }
    return nil
  }

  /// What is wrong where the scanner stands.
  var malformed: ReportError {
    let line = bytes[..<position].count { $0 == UInt8(ascii: "\n") } + 1
    return ReportError("it is not complete XML, as line \(line) shows")
  }

  // MARK: - Tags

  private mutating func start() throws(ReportError) -> Piece {
    let name = try name()
    var attributes: [String: String] = [:]
    while true {
      skipSpace()
      if take("/>") { return .start(name, attributes: attributes, isEmpty: true) }
      if take(">") { return .start(name, attributes: attributes, isEmpty: false) }
      let attribute = try self.name()
      skipSpace()
      guard take("=") else { throw malformed }
      skipSpace()
      attributes[attribute] = try value()
    }
  }

  /// - Returns: the name without the prefix of a namespace.
  private mutating func name() throws(ReportError) -> String {
    let start = position
    while position < bytes.count, !Self.endsName(bytes[position]) { position += 1 }
    guard (1...Self.longestName).contains(position - start) else { throw malformed }
    let name = bytes[start..<position]
    return Self.text(name.lastIndex(of: UInt8(ascii: ":")).map { name[($0 + 1)...] } ?? name, isLiteral: true)
  }

  private mutating func value() throws(ReportError) -> String {
    let quote = take("\"") ? "\"" : "'"
    guard quote == "\"" || take("'") else { throw malformed }
    return Self.text(try skip(past: quote), isLiteral: false)
  }

  private static func endsName(_ byte: UInt8) -> Bool {
    isSpace(byte) || "<>/='\"&".utf8.contains(byte)
  }

  static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  // MARK: - Bytes

  private mutating func skipSpace() {
    while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
  }

  /// Goes on behind a text if that is what comes.
  private mutating func take(_ text: String) -> Bool {
    guard bytes[position...].starts(with: text.utf8) else { return false }
    position += text.utf8.count
    return true
  }

  /// Goes on behind the next place where a text stands.
  ///
  /// - Returns: what stands before it.
  private mutating func skip(past text: String) throws(ReportError) -> ArraySlice<UInt8> {
    let start = position
    let first = Array(text.utf8)[0]
    while let found = bytes[position...].firstIndex(of: first) {
      position = found
      if take(text) { return bytes[start..<found] }
      position += 1
    }
    throw malformed
  }
}

extension XMLScanner {
  /// Bytes as text, with the characters that references stand for. A reference to anything else stands for itself.
  static func text(_ bytes: ArraySlice<UInt8>, isLiteral: Bool) -> String {
    guard !isLiteral, bytes.contains(UInt8(ascii: "&")) else { return String(decoding: bytes, as: UTF8.self) }
    var text: [UInt8] = []
    var rest = bytes
    while let first = rest.first {
      if first == UInt8(ascii: "&"), let end = rest.prefix(longestReference).firstIndex(of: UInt8(ascii: ";")),
        let character = character(String(decoding: rest[rest.startIndex + 1..<end], as: UTF8.self))
      {
        text += Array(String(character).utf8)
        rest = rest[(end + 1)...]
      } else {
        text.append(first)
        rest = rest.dropFirst()
      }
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static let longestReference = 12

  private static func character(_ reference: String) -> Unicode.Scalar? {
    switch reference {
    case "amp": return "&"
    case "lt": return "<"
    case "gt": return ">"
    case "quot": return "\""
    case "apos": return "'"
    default:
      guard reference.hasPrefix("#") else { return nil }
      let digits = reference.dropFirst()
      let number = digits.hasPrefix("x") ? UInt32(digits.dropFirst(), radix: 16) : UInt32(digits)
      return number.map { Unicode.Scalar($0) ?? "\u{FFFD}" }
    }
  }
}
