/// JSON text, cut into tokens. The text of our records is *simple*; what is not simple is left to Foundation, which also says
/// what is wrong with it.
final class JSONTokens {
  enum Kind {
    case object
    case list
    case text
    /// Has escapes in it.
    case escapedText
    case number
    case yes
    case no
    case null
  }

  struct Token {
    var kind: Kind
    /// Without quotes.
    var start: Int
    var end: Int
    /// The first token that is not inside of it.
    var next = 0
    /// Of an object, each of which is a key and a value, or of a list.
    var count = 0
  }

  static let root = 0

  let tokens: [Token]
  private let bytes: [UInt8]
  /// Whether something was asked for that Foundation must answer.
  private(set) var isUnusual = false

  /// - Returns: `nil` when the text is not simple.
  init?(_ bytes: [UInt8]) {
    var scanner = JSONScanner(bytes)
    guard scanner.scan() else { return nil }
    self.bytes = bytes
    tokens = scanner.tokens
  }

  func unusual() -> DecodingError {
    isUnusual = true
    return mismatch()
  }

  /// Nobody sees it: Foundation decodes anew what cannot be decoded, and says why.
  func mismatch() -> DecodingError {
    .dataCorrupted(DecodingError.Context(codingPath: [], debugDescription: "not such a value"))
  }

  /// The text of a whole object or list.
  func json(_ token: Int) -> [UInt8] { Array(bytes[tokens[token].start..<tokens[token].end]) }

  // MARK: Objects

  /// The token of a member's value.
  func value(of key: String, in object: Int) -> Int? {
    var position = object + 1
    for _ in 0..<tokens[object].count {
      if isKey(position, key) { return position + 1 }
      position = tokens[position + 1].next
    }
    return nil
  }

  func keys(of object: Int) -> [String] {
    var position = object + 1
    return (0..<tokens[object].count).map { _ in
      defer { position = tokens[position + 1].next }
      return text(of: tokens[position])
    }
  }

  private func isKey(_ token: Int, _ key: String) -> Bool {
    var position = tokens[token].start
    guard tokens[token].end - position == key.utf8.count else { return false }
    for byte in key.utf8 {
      guard bytes[position] == byte else { return false }
      position += 1
    }
    return true
  }

  // MARK: Values

  func isNull(_ token: Int) -> Bool { tokens[token].kind == .null }

  func flag(_ token: Int) throws -> Bool {
    switch tokens[token].kind {
    case .yes: true
    case .no: false
    default: throw mismatch()
    }
  }

  func text(_ token: Int) throws -> String {
    switch tokens[token].kind {
    case .text: text(of: tokens[token])
    case .escapedText: try unescaped(tokens[token])
    default: throw mismatch()
    }
  }

  func number(_ token: Int) throws -> Int {
    let token = tokens[token]
    guard token.kind == .number else { throw mismatch() }
    let isNegative = bytes[token.start] == UInt8(ascii: "-")
    let start = token.start + (isNegative ? 1 : 0)
    // Longer ones may be too large, and others are written with a fraction or an exponent.
    guard token.end - start <= 18 else { throw unusual() }
    var number = 0
    for byte in bytes[start..<token.end] {
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { throw unusual() }
      number = number * 10 + Int(byte - UInt8(ascii: "0"))
    }
    return isNegative ? -number : number
  }

  private func text(of token: Token) -> String { String(decoding: bytes[token.start..<token.end], as: UTF8.self) }

  private func unescaped(_ token: Token) throws -> String {
    var text: [UInt8] = []
    text.reserveCapacity(token.end - token.start)
    var position = token.start
    while position < token.end {
      if bytes[position] == UInt8(ascii: "\\") {
        position += 1
        guard let byte = Self.escaped(bytes[position]) else { throw unusual() }
        text.append(byte)
      } else {
        text.append(bytes[position])
      }
      position += 1
    }
    return String(decoding: text, as: UTF8.self)
  }

  private static func escaped(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): byte
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: nil
    }
  }
}
