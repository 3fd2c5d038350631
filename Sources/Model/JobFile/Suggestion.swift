/// Finds what somebody probably meant.
package enum Suggestion {
  /// The candidate with the smallest edit distance, if it is near enough to be a slip. Letter case counts for nothing.
  /// Texts of more than 64 bytes get none.
  package static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
    let written = Array(text.lowercased().utf8)
    guard !written.isEmpty, written.count <= 64 else { return nil }
    let allowed = max(1, min(4, written.count / 3))
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let bytes = Array(candidate.lowercased().utf8)
      guard abs(bytes.count - written.count) <= allowed else { continue }
      guard let distance = distance(written, bytes, atMost: allowed) else { continue }
      if distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// Levenshtein's distance, with a swap of neighbours as one edit; nil if it is more than `most`. Looks only at the
  /// cells of the table that can lead to a distance that small.
  private static func distance(_ left: [UInt8], _ right: [UInt8], atMost most: Int) -> Int? {
    let far = most + 1
    var older: [Int] = []
    var above = Array(0...right.count)
    for row in left.indices {
      var present = Array(repeating: far, count: right.count + 1)
      present[0] = row + 1
      var nearest = present[0]
      for column in max(0, row - most)..<max(0, row - most, min(right.count, row + most + 1)) {
        var cost = min(above[column + 1], present[column]) + 1
        cost = min(cost, above[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, older[column - 1] + 1)
        }
        present[column + 1] = cost
        nearest = min(nearest, cost)
      }
      guard nearest <= most else { return nil }
      older = above
      above = present
    }
    return above[right.count] <= most ? above[right.count] : nil
  }
}
