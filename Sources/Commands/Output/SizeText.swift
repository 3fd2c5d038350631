/// Amounts of data as people read them.
package enum SizeText {
  /// Such as `17 B`, `4.2 kB` or `131 MB`, in powers of 1,000.
  package static func text(_ bytes: Int) -> String {
    guard bytes >= 1_000 else { return "\(max(0, bytes)) B" }
    var tenths = bytes / 100
    var unit = 0
    while tenths >= 10_000, unit < units.count - 1 {
      tenths /= 1_000
      unit += 1
    }
    return tenths < 100 ? "\(tenths / 10).\(tenths % 10) \(units[unit])" : "\(tenths / 10) \(units[unit])"
  }

  private static let units = ["kB", "MB", "GB", "TB", "PB"]
}
