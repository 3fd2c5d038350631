extension Duration {
  /// Milliseconds, rounded up so that a short time does not become none, and clamped to what fits.
  var wholeMilliseconds: UInt32 {
    let (seconds, attoseconds) = components
    guard seconds >= 0, attoseconds >= 0 else { return 0 }
    guard seconds < Int64(UInt32.max) / 1000 else { return .max }
    let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000
    return UInt32(seconds * 1000 + (attoseconds + attosecondsPerMillisecond - 1) / attosecondsPerMillisecond)
  }
}
