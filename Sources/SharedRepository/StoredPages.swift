import Model

/// The name of a page in its build's folder: made up each time that one is written.
package struct PageName: Hashable, Sendable {
  let number: UInt64

  /// Of a page to whose tasks nothing has happened, and that no object holds.
  static let untouched = PageName(number: 0)

  /// Of a page that is about to be written.
  static func fresh() -> PageName { PageName(number: .random(in: 1 ... .max)) }

  package var text: String { ObjectMap.page(number) }
}

/// Where the states of a build's tasks stand.
package struct StoredPages: Sendable {
  /// For each page its name. None at all when the tasks stand in the record.
  var names: [PageName] = []
  /// What stands on them.
  var content: [TaskTable.Page] = []
  /// Objects that hold the same in an earlier form, and are not written any more.
  var earlier: [String] = []

  package init() {}

  /// - Parameter names: of as many pages as there are.
  init(names: [PageName], content: [TaskTable.Page]) {
    (self.names, self.content) = (names, content)
  }

  /// The objects that are not in another state: a page stands in the same place in all of them.
  package func objects(notIn other: StoredPages) -> [String] {
    let gone = names.enumerated().filter { index, name in
      name != .untouched && !(index < other.names.count && other.names[index] == name)
    }
    return gone.map(\.element.text) + (other.earlier.isEmpty ? earlier : [])
  }
}
