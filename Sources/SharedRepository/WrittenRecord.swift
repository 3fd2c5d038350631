import Model

/// What is to be stored of a record: pure, so that what a step costs in the process can be measured without any store.
package struct WrittenRecord: Sendable {
  /// A page that is to be put before anything points to it.
  package struct Page: Sendable {
    package var name: String
    package var bytes: [UInt8]
  }

  /// What stands for the record. It may be larger than the limit: then it goes into an object.
  package private(set) var data: [UInt8]
  /// Where the states of the tasks stand.
  package private(set) var pages: StoredPages
  package private(set) var fresh: [Page] = []

  /// So many pages may stand in the record itself.
  private static let mostWithin = 4

  /// - Parameters:
  ///   - limit: in bytes, of what stands in one piece.
  ///   - earlier: what of it is stored already. What once stood on pages goes on to do so: states only grow.
  package init(_ record: some BuildStateHolder, limit: Int, after earlier: StoredPages) throws {
    let content = record.state.tasks.pages
    if earlier.names.isEmpty, content.count <= Self.mostWithin {
      let whole = try JSONBytes.encode(record)
      if whole.count <= limit {
        (data, pages) = (whole, StoredPages())
        return
      }
    }
    var names: [PageName] = []
    names.reserveCapacity(content.count)
    for index in content.indices {
      if index < earlier.names.count, earlier.content[index] == content[index] {
        names.append(earlier.names[index])
      } else if content[index].allSatisfy(\.isUntouched) {
        names.append(.untouched)
      } else {
        let name = PageName.fresh()
        names.append(name)
        fresh.append(Page(name: name.text, bytes: TaskTable.bytes(of: content[index])))
      }
    }
    var rest = record
    rest.state = record.state.with(TaskTable(count: 0))
    data = try PagedRecord(record: rest, tasks: record.state.tasks.count, pages: names).bytes()
    pages = StoredPages(names: names, content: content)
  }
}
