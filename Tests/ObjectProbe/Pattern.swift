/// Objects that show whether they are whole: the bytes and the length both follow from the generation.
enum Pattern {
  static func bytes(_ generation: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(generation % 251), count: 1_000_000 + generation % 251)
  }

  /// The generation modulo 251 of an object that is whole; `nil` for any other bytes.
  static func generation(of bytes: [UInt8]) -> Int? {
    guard let first = bytes.first, bytes == self.bytes(Int(first)) else { return nil }
    return Int(first)
  }
}
