import Model

/// A record that has the state of a build in it.
protocol BuildStateHolder: Codable, Sendable {
  var state: BuildState { get set }
}

/// A record without the states of its build's tasks: those stand on pages, each an object that never changes, so that who
/// moves a large build on writes the page that changed and not all of them.
struct PagedRecord<Record: BuildStateHolder>: Codable {
  /// The names of the pages; empty where nothing has happened to any task of a page.
  var pages: [String]
  var record: Record
  /// How many tasks there are on all pages.
  var tasks: Int

  /// How its JSON begins; that of no other value does.
  static var prefix: [UInt8] { Array(#"{"pages":"#.utf8) }
}

/// Where the states of a build's tasks stand.
package struct StoredPages: Sendable {
  /// For each page its name; empty where nothing has happened to its tasks. None at all when the tasks stand in the record.
  var names: [String] = []
  /// What stands on them.
  var content: [TaskTable.Page] = []
}
