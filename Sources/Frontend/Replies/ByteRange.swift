/// What a `Range` header asks for.
enum ByteRange: Hashable {
  /// `bytes=N-M` and `bytes=N-`; `last` is included.
  case from(Int, last: Int?)
  /// `bytes=-N`
  case suffix(Int)

  /// - Parameter header: the header's value. Anything but one range of bytes is `nil`: such a header is ignored, as RFC 9110
  ///   allows.
  init?(_ header: String?) {
    guard let header, header.hasPrefix("bytes=") else { return nil }
    let ends = header.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard ends.count == 2 else { return nil }
    switch (Self.number(ends[0]), Self.number(ends[1])) {
    case (let first?, let last?) where first <= last: self = .from(first, last: last)
    case (let first?, nil) where ends[1].isEmpty: self = .from(first, last: nil)
    case (nil, let count?) where ends[0].isEmpty: self = .suffix(count)
    default: return nil
    }
  }

  /// The part of so many bytes that is meant; `nil` when there is none.
  func resolved(in size: Int) -> Range<Int>? {
    switch self {
    case .from(let first, let last):
      guard first < size else { return nil }
      return first..<min(size, (last ?? size - 1) + 1)
    case .suffix(let count):
      guard count > 0, size > 0 else { return nil }
      return max(0, size - count)..<size
    }
  }

  private static func number(_ text: Substring) -> Int? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), text.utf8.count <= 18 else { return nil }
    return Int(text)
  }
}
