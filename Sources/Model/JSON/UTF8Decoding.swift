/// Strict decoding of one scalar: no overlong forms, no surrogates, nothing above U+10FFFF.
enum UTF8Decoding {
  static func scalar(in bytes: [UInt8], at index: Int) -> (scalar: Unicode.Scalar, length: Int)? {
    let first = bytes[index]
    let length: Int
    switch first {
    case 0..<0x80: return (Unicode.Scalar(first), 1)
    case 0xC2...0xDF: length = 2
    case 0xE0...0xEF: length = 3
    case 0xF0...0xF4: length = 4
    default: return nil
    }
    guard index + length <= bytes.count else { return nil }
    var code = UInt32(first) & (0xFF >> UInt32(length + 1))
    for byte in bytes[(index + 1)..<(index + length)] {
      guard byte & 0xC0 == 0x80 else { return nil }
      code = code << 6 | UInt32(byte & 0x3F)
    }
    let smallest: UInt32 = [2: 0x80, 3: 0x800, 4: 0x10000][length] ?? 0
    guard code >= smallest, let scalar = Unicode.Scalar(code) else { return nil }
    return (scalar, length)
  }
}
