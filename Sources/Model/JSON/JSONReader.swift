/// A strict reader of JSON (RFC 8259) that keeps the position of every value. Time is linear in the size of the text, and
/// recursion is bounded by the depth limit, so hostile text costs no more than its length.
///
/// It is stricter than the RFC where lenience would hide a mistake: a duplicate key, a NUL character, a lone surrogate
/// and a byte order mark are errors. So are more than ``mostMarks`` combining marks in a row: strings are compared by what
/// they mean, and putting marks in order takes the square of their number.
package struct JSONReader {
  /// What the reader takes.
  package struct Limits: Hashable, Sendable {
    package var bytes: Int
    package var depth: Int
    /// Values, each of which takes far more memory than the two bytes that it may have in the text.
    package var values: Int

    package init(bytes: Int = 1 << 20, depth: Int = 64, values: Int = 200_000) {
      self.bytes = bytes
      self.depth = depth
      self.values = values
    }
  }

  /// As in the stream-safe text format of Unicode (UAX #15).
  package static let mostMarks = 30

  let bytes: [UInt8]
  let limits: Limits
  var index = 0
  /// Where the present line starts, and how many bytes on it so far do not start a scalar.
  private var lineStart = 0
  var continuationBytes = 0
  private var line = 1
  private var depth = 0
  private var values = 0

  private init(_ bytes: [UInt8], limits: Limits) {
    self.bytes = bytes
    self.limits = limits
  }

  /// Reads one JSON value with nothing after it.
  ///
  /// - Throws: ``JSONSyntaxError`` for the first thing that is wrong.
  package static func read(
    _ bytes: [UInt8], limits: Limits = Limits()
  ) throws(JSONSyntaxError) -> JSONNode {
    guard bytes.count <= limits.bytes else {
      throw JSONSyntaxError(
        at: .start, "the text has more than the \(limits.bytes) bytes that are read",
        remedy: "move large scripts and data into files of the repository")
    }
    guard !bytes.starts(with: [0xEF, 0xBB, 0xBF]) else {
      throw JSONSyntaxError(
        at: .start, "the text starts with a byte order mark", remedy: "save it as UTF-8 without one")
    }
    var reader = JSONReader(bytes, limits: limits)
    return try reader.document()
  }

  var position: SourcePosition {
    SourcePosition(line: line, column: index - lineStart - continuationBytes + 1)
  }

  var next: UInt8? { index < bytes.count ? bytes[index] : nil }

  private mutating func document() throws(JSONSyntaxError) -> JSONNode {
    skipSpace()
    guard next != nil else { throw fail("the text is empty", "write one JSON value") }
    let value = try value()
    skipSpace()
    guard next == nil else {
      throw fail("\(found) follows the end of the JSON value", "a text holds exactly one value; remove the rest")
    }
    return value
  }

  private mutating func value() throws(JSONSyntaxError) -> JSONNode {
    let position = position
    guard let first = next else { throw fail("the text ends where a value should stand", "complete it") }
    values += 1
    guard values <= limits.values else {
      throw fail("the text holds more than \(limits.values) values", "move lists into files of the repository")
    }
    let content: JSONNode.Content
    switch first {
    case UInt8(ascii: "{"): content = try nested { (reader) throws(JSONSyntaxError) in try reader.object() }
    case UInt8(ascii: "["): content = try nested { (reader) throws(JSONSyntaxError) in try reader.array() }
    case UInt8(ascii: "\""): content = .string(try string())
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): content = .number(try number())
    default: content = try word()
    }
    return JSONNode(position: position, content: content)
  }

  private mutating func nested(
    _ read: (inout JSONReader) throws(JSONSyntaxError) -> JSONNode.Content
  ) throws(JSONSyntaxError) -> JSONNode.Content {
    guard depth < limits.depth else {
      throw fail("values are nested more than \(limits.depth) deep", "make the structure flatter")
    }
    depth += 1
    defer { depth -= 1 }
    return try read(&self)
  }

  private mutating func array() throws(JSONSyntaxError) -> JSONNode.Content {
    index += 1
    var elements: [JSONNode] = []
    skipSpace()
    if take("]") { return .array(elements) }
    while true {
      skipSpace()
      elements.append(try value())
      skipSpace()
      if take("]") { return .array(elements) }
      try separator(closing: "]")
    }
  }

  private mutating func object() throws(JSONSyntaxError) -> JSONNode.Content {
    index += 1
    var members: [JSONMember] = []
    var lines: [String: SourcePosition] = [:]
    skipSpace()
    if take("}") { return .object(members) }
    while true {
      skipSpace()
      let member = try member()
      if let earlier = lines.updateValue(member.keyPosition, forKey: member.key) {
        throw JSONSyntaxError(
          at: member.keyPosition, "the key \(member.key.quoted) stands twice, first on line \(earlier.line)",
          remedy: "keep one of the two")
      }
      members.append(member)
      skipSpace()
      if take("}") { return .object(members) }
      try separator(closing: "}")
    }
  }

  private mutating func member() throws(JSONSyntaxError) -> JSONMember {
    let position = position
    guard next == UInt8(ascii: "\"") else {
      throw fail("\(found) stands where a key should", "write keys as strings in double quotes")
    }
    let key = try string()
    skipSpace()
    guard take(":") else { throw fail("\(found) stands where ':' should", "write \"key\": value") }
    skipSpace()
    return JSONMember(key: key, keyPosition: position, value: try value())
  }

  private mutating func separator(closing: Unicode.Scalar) throws(JSONSyntaxError) {
    let comma = self
    guard take(",") else {
      throw fail("\(found) stands where ',' or '\(closing)' should", "put a comma between the two")
    }
    skipSpace()
    guard next != UInt8(ascii: closing) else {
      throw comma.fail("a comma stands before '\(closing)'", "remove it: JSON has no trailing commas")
    }
  }

  mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard next == UInt8(ascii: scalar) else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while let byte = next {
      switch byte {
      case 0x0A:
        index += 1
        line += 1
        lineStart = index
        continuationBytes = 0
      case 0x20, 0x09, 0x0D: index += 1
      default: return
      }
    }
  }

  /// An error at the present position.
  func fail(_ message: String, _ remedy: String) -> JSONSyntaxError {
    JSONSyntaxError(at: position, message, remedy: remedy)
  }

  /// What stands at the present position, for a message.
  var found: String {
    guard let byte = next else { return "the end of the text" }
    if (0x21...0x7E).contains(byte) { return "'\(Unicode.Scalar(byte))'" }
    if byte < 0x80 { return "a control character" }
    guard let scalar = UTF8Decoding.scalar(in: bytes, at: index)?.scalar else { return "a byte that is not UTF-8" }
    return String(scalar).quoted
  }
}
