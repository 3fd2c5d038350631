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

  /// As many of the times of a build's split tasks as are kept, in the order of tasks and names.
  ///
  /// - Returns: also of how many files they are.
  package static func bounded(
    _ times: [TaskName: [String: Int]]
  ) -> (times: [TaskName: [String: Int]], files: Int) {
    var kept: [TaskName: [String: Int]] = [:]
    var (files, bytes) = (0, 0)
    for (task, times) in times.sorted(by: { $0.key < $1.key }) {
      for (file, time) in times.sorted(by: { $0.key < $1.key }) {
        bytes += file.utf8.count
        guard files < TestLimits.files, bytes <= TestLimits.fileNameBytes else { return (kept, files) }
        kept[task, default: [:]][file] = time
        files += 1
      }
    }
    return (kept, files)
  }
}
