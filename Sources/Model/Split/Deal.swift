/// The files of a split task, dealt out to its parts.
package struct Deal: Hashable, Sendable, Codable {
  /// For each part its files, in the order of their names' bytes. No part is expected to take longer than the one before it.
  package let parts: [[String]]

  /// More than any file takes, so that sums stay numbers.
  private static let longest = 30 * 86_400_000

  /// The file that takes longest goes first, and each to the part that has least to do: the slowest part then takes at most
  /// 4/3 of what the best deal would. The same for the same files and times, in whatever order they come.
  ///
  /// - Parameters:
  ///   - count: how many parts there are, at least 1.
  ///   - times: what files are expected to take, in milliseconds. Those that nothing is known of are taken to be like the
  ///     middle one of the others.
  package init(_ files: [String], into count: Int, times: [String: Int] = [:]) {
    precondition(count > 0, "files are dealt out to somebody")
    let known = files.compactMap { times[$0] }.sorted()
    let typical = known.isEmpty ? 1 : known[known.count / 2]
    let weighed = files.map { (file: $0, weight: min(max(1, times[$0] ?? typical), Self.longest)) }
    var hands = [(load: Int, files: [String])](repeating: (0, []), count: count)
    let longestFirst = weighed.sorted {
      $0.weight == $1.weight ? $0.file.stands(before: $1.file) : $0.weight > $1.weight
    }
    for (file, weight) in longestFirst {
      let least = hands.indices.min { hands[$0].load < hands[$1].load } ?? 0
      hands[least].load += weight
      hands[least].files.append(file)
    }
    let slowestFirst = hands.indices.sorted { (hands[$1].load, $0) < (hands[$0].load, $1) }
    parts = slowestFirst.map { hands[$0].files.sorted { $0.stands(before: $1) } }
  }
}

extension String {
  /// Tells the order of their bytes: names that only look equal are different files.
  fileprivate func stands(before other: String) -> Bool { utf8.lexicographicallyPrecedes(other.utf8) }
}
