/// Reads what a ``ByteWriter`` wrote. Total: bytes that nobody wrote so are an error, whatever they are.
struct ByteReader {
  private let bytes: [UInt8]
  private var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var remaining: Int { bytes.count - position }

  mutating func byte() throws -> UInt8 {
    guard position < bytes.count else { throw DecodingError.damaged("it ends too early") }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func unsigned() throws -> UInt64 {
    var number: UInt64 = 0
    for shift in stride(from: 0, through: 63, by: 7) {
      let next = try byte()
      // Of the tenth byte, one bit is left.
      guard shift < 63 || next <= 1 else { break }
      number |= UInt64(next & 0x7f) << UInt64(shift)
      if next & 0x80 == 0 { return number }
    }
    throw DecodingError.damaged("a number is too large")
  }

  mutating func number() throws -> Int {
    let bits = try unsigned()
    return Int(Int64(bitPattern: bits >> 1) ^ -Int64(bits & 1))
  }

  /// How many values follow, each of which takes at least a byte.
  mutating func count() throws -> Int {
    let count = try unsigned()
    guard count <= UInt64(remaining) else { throw DecodingError.damaged("it ends too early") }
    return Int(count)
  }

  mutating func text() throws -> String {
    let count = try count()
    defer { position += count }
    guard let text = String(validating: bytes[position..<position + count], as: UTF8.self) else {
      throw DecodingError.damaged("a text is not UTF-8")
    }
    return text
  }

  mutating func time() throws -> Timestamp { Timestamp(milliseconds: Int64(try number())) }

  mutating func name<Kind>() throws -> Name<Kind> {
    let text = try text()
    do { return try Name(text) } catch { throw DecodingError.damaged(error.message) }
  }

  mutating func build() throws -> BuildID { BuildID(job: try name(), number: try number()) }
}

extension DecodingError {
  /// What is stored is not what was written.
  static func damaged(_ problem: String) -> DecodingError {
    .dataCorrupted(Context(codingPath: [], debugDescription: "the state of a task cannot be read: \(problem)"))
  }
}
