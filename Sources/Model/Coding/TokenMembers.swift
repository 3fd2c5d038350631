/// The members of an object in JSON text.
struct TokenMembers<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let text: JSONTokens
  let token: Int

  var codingPath: [any CodingKey] { [] }
  var allKeys: [Key] { text.keys(of: token).compactMap { Key(stringValue: $0) } }

  private func find(_ key: Key) -> Int? { text.value(of: key.stringValue, in: token) }

  private func value(_ key: Key) throws -> Int {
    guard let value = find(key) else { throw text.mismatch() }
    return value
  }

  private func present(_ key: Key) -> Int? { find(key).flatMap { text.isNull($0) ? nil : $0 } }

  func contains(_ key: Key) -> Bool { find(key) != nil }
  func decodeNil(forKey key: Key) throws -> Bool { text.isNull(try value(key)) }

  func decode(_ type: Bool.Type, forKey key: Key) throws -> Bool { try text.flag(value(key)) }
  func decode(_ type: Int.Type, forKey key: Key) throws -> Int { try text.number(value(key)) }
  func decode(_ type: String.Type, forKey key: Key) throws -> String { try text.text(value(key)) }
  func decode<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value {
    try text.value(type, value(key))
  }

  func decodeIfPresent(_ type: Bool.Type, forKey key: Key) throws -> Bool? { try present(key).map(text.flag) }
  func decodeIfPresent(_ type: Int.Type, forKey key: Key) throws -> Int? { try present(key).map(text.number) }
  func decodeIfPresent(_ type: String.Type, forKey key: Key) throws -> String? { try present(key).map(text.text) }
  func decodeIfPresent<Value: Decodable>(_ type: Value.Type, forKey key: Key) throws -> Value? {
    try present(key).map { try text.value(type, $0) }
  }

  func nestedContainer<Nested: CodingKey>(
    keyedBy type: Nested.Type, forKey key: Key
  ) throws -> KeyedDecodingContainer<Nested> {
    try TokenDecoder(text: text, token: value(key)).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try TokenDecoder(text: text, token: value(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder { throw text.unusual() }
  func superDecoder(forKey key: Key) throws -> any Decoder { throw text.unusual() }
}
