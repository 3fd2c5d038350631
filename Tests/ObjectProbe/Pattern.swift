/// Objects that show whether they are whole: the bytes and the length both follow from the generation.
enum Pattern {
  /// After so many, they come again.
  static let generations = 251

  static func bytes(_ generation: Int) -> [UInt8] {
    [UInt8](repeating: UInt8(generation % generations), count: 1_000_000 + generation % generations)
  }

  /// The generation, modulo ``generations``, of an object that is whole; `nil` for any other bytes.
  static func generation(of bytes: [UInt8]) -> Int? {
    guard let first = bytes.first, bytes == self.bytes(Int(first)) else { return nil }
    return Int(first)
  }
}
