/// Cuts JSON text into tokens.
struct JSONScanner {
  private let bytes: [UInt8]
  private var position = 0
  private var bits: UInt8 = 0
  private(set) var tokens: [JSONTokens.Token] = []

  /// Beyond that, the text is none of a record's.
  private static let longest = 64 << 10
  private static let deepest = 32
  private static let mostKeys = 64

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    tokens.reserveCapacity(128)
  }

  /// - Returns: whether the text is simple, and all of it is in the tokens.
  mutating func scan() -> Bool {
    guard bytes.count <= Self.longest, value(depth: 0) else { return false }
    skipSpace()
    guard position == bytes.count else { return false }
    return bits < 0x80 || String(validating: bytes, as: UTF8.self) != nil
  }

  private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func skipSpace() {
    while let byte = next, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard next == byte else { return false }
    position += 1
    return true
  }

  private mutating func value(depth: Int) -> Bool {
    skipSpace()
    guard depth < Self.deepest, let first = next else { return false }
    switch first {
    case UInt8(ascii: "{"): return object(depth)
    case UInt8(ascii: "["): return list(depth)
    case UInt8(ascii: "\""): return text()
    case UInt8(ascii: "t"): return word("true", .yes)
    case UInt8(ascii: "f"): return word("false", .no)
    case UInt8(ascii: "n"): return word("null", .null)
    default: return number()
    }
  }

  private mutating func object(_ depth: Int) -> Bool {
    let token = begin(.object)
    skipSpace()
    if take(UInt8(ascii: "}")) { return end(token) }
    repeat {
      skipSpace()
      let key = tokens.count
      guard text(), tokens[key].kind == .text, isNew(key, in: token) else { return false }
      skipSpace()
      tokens[token].count += 1
      guard take(UInt8(ascii: ":")), tokens[token].count <= Self.mostKeys, value(depth: depth + 1) else { return false }
      skipSpace()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "}")) && end(token)
  }

  /// Of two of the same name, Foundation chooses.
  private func isNew(_ key: Int, in object: Int) -> Bool {
    let length = tokens[key].end - tokens[key].start
    var other = object + 1
    while other < key {
      if tokens[other].end - tokens[other].start == length,
        bytes[tokens[other].start..<tokens[other].end] == bytes[tokens[key].start..<tokens[key].end]
      {
        return false
      }
      other = tokens[other + 1].next
    }
    return true
  }

  private mutating func list(_ depth: Int) -> Bool {
    let token = begin(.list)
    skipSpace()
    if take(UInt8(ascii: "]")) { return end(token) }
    repeat {
      guard value(depth: depth + 1) else { return false }
      tokens[token].count += 1
      skipSpace()
    } while take(UInt8(ascii: ","))
    return take(UInt8(ascii: "]")) && end(token)
  }

  private mutating func begin(_ kind: JSONTokens.Kind) -> Int {
    tokens.append(JSONTokens.Token(kind: kind, start: position, end: position))
    position += 1
    return tokens.count - 1
  }

  private mutating func end(_ token: Int) -> Bool {
    tokens[token].next = tokens.count
    tokens[token].end = position
    return true
  }

  private mutating func text() -> Bool {
    guard take(UInt8(ascii: "\"")) else { return false }
    let start = position
    var kind = JSONTokens.Kind.text
    while position < bytes.count {
      let byte = bytes[position]
      if byte == UInt8(ascii: "\"") {
        add(kind, from: start)
        position += 1
        return true
      }
      guard byte >= 0x20 else { return false }
      bits |= byte
      if byte == UInt8(ascii: "\\") {
        kind = .escapedText
        position += 1
        // The rest of what an escape may be, Foundation knows.
        guard let escaped = next, Self.escapes.contains(escaped) else { return false }
      }
      position += 1
    }
    return false
  }

  private static let escapes = Array("\"\\/bfnrt".utf8)

  private mutating func add(_ kind: JSONTokens.Kind, from start: Int) {
    tokens.append(JSONTokens.Token(kind: kind, start: start, end: position, next: tokens.count + 1))
  }

  private mutating func word(_ word: StaticString, _ kind: JSONTokens.Kind) -> Bool {
    let start = position
    for byte in word.description.utf8 where !take(byte) { return false }
    add(kind, from: start)
    return true
  }

  /// A whole number. Others are not simple.
  private mutating func number() -> Bool {
    let start = position
    _ = take(UInt8(ascii: "-"))
    let digits = position
    while let byte = next, byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") { position += 1 }
    guard position > digits, position == digits + 1 || bytes[digits] != UInt8(ascii: "0") else { return false }
    switch next {
    case UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): return false
    default: break
    }
    add(.number, from: start)
    return true
  }
}
