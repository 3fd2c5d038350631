/// Strings of bytes one after the other, as C takes them: an array of pointers and an array of lengths.
struct ByteStrings {
  private let bytes: [UInt8]
  private let lengths: [Int]

  init(_ strings: [[UInt8]]) {
    bytes = Array(strings.joined())
    lengths = strings.map(\.count)
  }

  /// - Parameter body: may not keep the pointers.
  func withPointers<Value>(
    _ body: (UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int>?) -> Value
  ) -> Value {
    unsafe bytes.withCharacters { start in
      var pointers: [UnsafePointer<CChar>?] = unsafe []
      var offset = 0
      for length in lengths {
        unsafe pointers.append(start.map { unsafe $0 + offset })
        offset += length
      }
      return unsafe pointers.withUnsafeBufferPointer { pointers in
        unsafe lengths.withUnsafeBufferPointer { lengths in unsafe body(pointers.baseAddress, lengths.baseAddress) }
      }
    }
  }
}

extension [UInt8] {
  /// - Parameter body: may not keep the pointer.
  func withCharacters<Value>(_ body: (UnsafePointer<CChar>?) -> Value) -> Value {
    unsafe withUnsafeBytes { unsafe body($0.baseAddress?.assumingMemoryBound(to: CChar.self)) }
  }
}
