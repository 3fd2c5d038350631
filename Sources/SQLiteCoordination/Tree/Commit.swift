/// One flush of the writer: its place in the order of all processes' commits, and what it touched.
struct Commit: Sendable {
  var number: Int64
  var changes: ChangedPaths
}
