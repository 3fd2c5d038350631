/// How long files of a split task take, in milliseconds.
package enum FileTimes {
  /// The middle one of what each file took in several builds.
  package static func medians(of builds: [[String: Int]]) -> [String: Int] {
    var samples: [String: [Int]] = [:]
    for (file, time) in builds.joined() { samples[file, default: []].append(time) }
    return samples.mapValues { $0.sorted()[$0.count / 2] }
  }

  /// What the files of one part took.
  ///
  /// - Parameters:
  ///   - reported: what reports say of some of them.
  ///   - elapsed: what the part took in all, when that tells something; what the reports leave of it is shared out evenly
  ///     over the files that they do not mention.
  package static func learned(_ files: [String], reported: [String: Int], elapsed: Int?) -> [String: Int] {
    var times = reported.filter { files.contains($0.key) }
    let others = files.filter { times[$0] == nil }
    guard let elapsed, !others.isEmpty else { return times }
    let share = max(0, elapsed - times.values.reduce(0, +)) / others.count
    for file in others { times[file] = share }
    return times
  }
}
