/// A value in JSON text that is asked for as a whole.
struct TokenValue: SingleValueDecodingContainer {
  let text: JSONTokens
  let token: Int

  var codingPath: [any CodingKey] { [] }

  func decodeNil() -> Bool { text.isNull(token) }
  func decode(_ type: Bool.Type) throws -> Bool { try text.flag(token) }
  func decode(_ type: Int.Type) throws -> Int { try text.number(token) }
  func decode(_ type: Int64.Type) throws -> Int64 { Int64(try text.number(token)) }
  func decode(_ type: String.Type) throws -> String { try text.text(token) }

  func decode<Value: Decodable>(_ type: Value.Type) throws -> Value {
    if let integer = type as? any FixedWidthInteger.Type { return try number(integer, as: type) }
    if type is any BinaryFloatingPoint.Type { throw text.unusual() }
    return try text.value(type, token)
  }

  private func number<Integer: FixedWidthInteger, Value>(_ integer: Integer.Type, as type: Value.Type) throws -> Value {
    guard let number = Integer(exactly: try text.number(token)) as? Value else { throw text.mismatch() }
    return number
  }
}
