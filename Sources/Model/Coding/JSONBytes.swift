import Foundation

/// The form in which our own values stand in the stores.
///
/// It is JSON as Foundation writes it, with sorted keys. What our records are made of is written and read here, several times as
/// fast, since that was a good part of what moving a build on costs; all else, and all that is wrong, is left to Foundation.
package enum JSONBytes {
  /// Deterministic: the same value gives the same bytes.
  package static func encode(_ value: some Encodable) throws -> [UInt8] {
    if let bytes = encodeUsual(value) { return bytes }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return Array(try encoder.encode(value))
  }

  /// - Throws: `DecodingError` when the bytes are not such a value.
  package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) throws -> Value {
    if let value = decodeUsual(type, from: bytes) { return value }
    return try JSONDecoder().decode(type, from: Data(bytes))
  }

  /// - Returns: `nil` when Foundation must do it.
  static func encodeUsual(_ value: some Encodable) -> [UInt8]? {
    let tree = JSONTree()
    guard (try? tree.put(value, at: JSONTree.root)) != nil else { return nil }
    return tree.text()
  }

  /// - Returns: `nil` when Foundation must do it.
  static func decodeUsual<Value: Decodable>(_ type: Value.Type, from bytes: [UInt8]) -> Value? {
    guard let text = JSONTokens(bytes), let value = try? text.value(type, JSONTokens.root), !text.isUnusual else {
      return nil
    }
    return value
  }
}
