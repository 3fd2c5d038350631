/// A value of a form as `application/x-www-form-urlencoded` writes it.
enum FormField {
  /// - Returns: `nil` when a `%` is not followed by two hexadecimal digits.
  static func decoded(_ bytes: ArraySlice<UInt8>) -> [UInt8]? {
    var decoded: [UInt8] = []
    decoded.reserveCapacity(bytes.count)
    var index = bytes.startIndex
    while index < bytes.endIndex {
      switch bytes[index] {
      case UInt8(ascii: "+"): decoded.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard index + 2 < bytes.endIndex,
          let value = UInt8(String(decoding: bytes[(index + 1)...(index + 2)], as: UTF8.self), radix: 16)
        else { return nil }
        decoded.append(value)
        index += 2
      case let byte: decoded.append(byte)
      }
      index += 1
    }
    return decoded
  }
}
