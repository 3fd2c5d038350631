/// Finds what somebody probably meant.
enum Suggestion {
  /// The candidate with the smallest edit distance, if it is near enough to be a slip. Letter case counts for nothing.
  static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
    let written = Array(text.lowercased().utf8)
    guard !written.isEmpty, written.count <= 128 else { return nil }
    let allowed = max(1, min(4, written.count / 3))
    var best: (candidate: String, distance: Int)?
    for candidate in candidates {
      let bytes = Array(candidate.lowercased().utf8)
      guard abs(bytes.count - written.count) <= allowed else { continue }
      let distance = distance(written, bytes)
      if distance <= allowed, distance < best?.distance ?? Int.max { best = (candidate, distance) }
    }
    return best?.candidate
  }

  /// Levenshtein's distance, with a swap of neighbours as one edit.
  private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
    var older: [Int] = []
    var above = Array(0...right.count)
    for row in left.indices {
      var present = [row + 1]
      present.reserveCapacity(right.count + 1)
      for column in right.indices {
        var cost = min(above[column + 1], present[column]) + 1
        cost = min(cost, above[column] + (left[row] == right[column] ? 0 : 1))
        if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
          cost = min(cost, older[column - 1] + 1)
        }
        present.append(cost)
      }
      older = above
      above = present
    }
    return above[right.count]
  }
}
