/// Writes values in few bytes, one after the other, as ``ByteReader`` reads them: the same values give the same bytes.
struct ByteWriter {
  private(set) var bytes: [UInt8] = []

  /// - Parameter capacity: in bytes, that are probably enough.
  init(capacity: Int = 0) {
    bytes.reserveCapacity(capacity)
  }

  mutating func add(_ byte: UInt8) { bytes.append(byte) }

  /// What was written elsewhere.
  mutating func add(_ written: ArraySlice<UInt8>) { bytes.append(contentsOf: written) }

  /// Seven bits in a byte, the lowest first; all bytes but the last have their eighth bit set.
  mutating func add(_ number: UInt64) {
    var rest = number
    while rest > 0x7f {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  /// Small numbers take few bytes, also negative ones.
  mutating func add(_ number: Int) { add(UInt64(bitPattern: Int64(number) << 1 ^ Int64(number) >> 63)) }

  mutating func add(_ text: String) {
    let text = text.utf8
    add(UInt64(text.count))
    bytes.append(contentsOf: text)
  }

  mutating func add(_ time: Timestamp) { add(Int(time.milliseconds)) }

  mutating func add(_ build: BuildID) {
    add(build.job.rawValue)
    add(build.number)
  }
}
