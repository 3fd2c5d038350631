/// The elements of a list in JSON text, one after the other.
struct TokenElements: UnkeyedDecodingContainer {
  private let text: JSONTokens
  private let list: Int
  private var token: Int
  private(set) var currentIndex = 0

  init(text: JSONTokens, token: Int) {
    self.text = text
    list = token
    self.token = token + 1
  }

  var codingPath: [any CodingKey] { [] }
  var count: Int? { text.tokens[list].count }
  var isAtEnd: Bool { currentIndex >= text.tokens[list].count }

  private mutating func take<Value>(_ read: (Int) throws -> Value) throws -> Value {
    guard !isAtEnd else { throw text.mismatch() }
    let value = try read(token)
    token = text.tokens[token].next
    currentIndex += 1
    return value
  }

  mutating func decodeNil() throws -> Bool {
    guard !isAtEnd else { throw text.mismatch() }
    guard text.isNull(token) else { return false }
    return try take { _ in true }
  }

  mutating func decode(_ type: Bool.Type) throws -> Bool { try take(text.flag) }
  mutating func decode(_ type: Int.Type) throws -> Int { try take(text.number) }
  mutating func decode(_ type: String.Type) throws -> String { try take(text.text) }
  mutating func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    try take { [text] in try text.value(type, $0) }
  }

  mutating func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type
  ) throws -> KeyedDecodingContainer<Nested> {
    try take { [text] in try TokenDecoder(text: text, token: $0).container(keyedBy: type) }
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    try take { [text] in try TokenDecoder(text: text, token: $0).unkeyedContainer() }
  }

  mutating func superDecoder() throws -> any Decoder { throw text.unusual() }
}
