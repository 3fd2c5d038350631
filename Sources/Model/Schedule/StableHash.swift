/// A number that follows from a text: the same for every process and for ever, and spread evenly.
enum StableHash {
  static func of(_ text: String) -> UInt64 {
    // FNV-1a, and what MurmurHash3 does in the end, as texts that differ in one letter must differ in the low bits.
    var hash = text.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    hash = (hash ^ (hash >> 33)) &* 0xFF51_AFD7_ED55_8CCD
    hash = (hash ^ (hash >> 33)) &* 0xC4CE_B9FE_1A85_EC53
    return hash ^ (hash >> 33)
  }
}
