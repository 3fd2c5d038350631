import Foundation
import Model
import ObjectStorage

/// What stands in a node or an index in the place of a value that is too large for it.
private struct Overflow: Codable {
  /// The key of the object that holds the value.
  var object: String

  /// How its JSON begins; that of no other value does.
  static let prefix = Array(#"{"object":"#.utf8)
}

extension SharedRepository {
  /// The value, or the pointer to an object of it that was just put, when it is larger than the limit.
  ///
  /// - Parameter folder: where the object goes.
  func overflowing(_ value: [UInt8], limit: Int, into folder: ObjectKey) async throws -> [UInt8] {
    guard value.count > limit else { return value }
    let key = folder / UUID().uuidString
    try await objects.put(value, at: key)
    return try JSONBytes.encode(Overflow(object: key.string))
  }

  /// The object that a stored value points to; `nil` when the value stands there itself.
  func overflowObject(of stored: [UInt8]) throws -> ObjectKey? {
    guard stored.starts(with: Overflow.prefix) else { return nil }
    return ObjectKey(try JSONBytes.decode(Overflow.self, from: stored).object)
  }

  /// The value that stands there, or in the object that is pointed to; `nil` when that object is gone.
  func resolved(_ stored: [UInt8]) async throws -> [UInt8]? {
    guard let key = try overflowObject(of: stored) else { return stored }
    return try await objects.read(key)
  }
}
