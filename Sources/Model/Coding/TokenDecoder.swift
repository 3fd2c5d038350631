import Foundation

/// Lets a value be made of one token of JSON text.
struct TokenDecoder: Decoder {
  let text: JSONTokens
  let token: Int

  /// Not kept, see ``JSONTokens/mismatch()``.
  var codingPath: [any CodingKey] { [] }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  /// The text of an object or list.
  var json: [UInt8] { text.json(token) }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard text.tokens[token].kind == .object else { throw text.mismatch() }
    return KeyedDecodingContainer(TokenMembers<Key>(text: text, token: token))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    guard text.tokens[token].kind == .list else { throw text.mismatch() }
    return TokenElements(text: text, token: token)
  }

  func singleValueContainer() -> any SingleValueDecodingContainer { TokenValue(text: text, token: token) }
}

extension JSONTokens {
  func value<Value: Decodable>(_ type: Value.Type, _ token: Int) throws -> Value {
    if Value.self == Data.self {
      guard let data = Data(base64Encoded: try text(token)) as? Value else { throw mismatch() }
      return data
    }
    // Foundation has a form of its own for these.
    if Value.self == Date.self || Value.self == URL.self || Value.self == Decimal.self { throw unusual() }
    return try Value(from: TokenDecoder(text: self, token: token))
  }
}
