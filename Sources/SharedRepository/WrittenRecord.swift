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
  private static let mostWithin = 8

  /// - Parameters:
  ///   - limit: in bytes, of what stands in one piece.
  ///   - earlier: what of it is stored already. What once stood in objects goes on to do so: states only grow.
  package init(_ record: some BuildStateHolder, limit: Int, after earlier: StoredPages) throws {
    let tasks = record.state.tasks
    var rest = record
    rest.state = record.state.with(TaskTable(count: 0))
    let changed = tasks.pages(changedSince: earlier.table)
    var written = earlier.written
    if case .record(var within) = earlier.place, tasks.pageCount <= Self.mostWithin {
      Self.note(changed, of: tasks, in: &within, untouched: [], &written) { $0.bytes }
      pages = StoredPages(.record(within), tasks, written: written)
      data = try PagedRecord(record: rest, tasks: tasks.count, place: pages.place).bytes()
      if data.count <= limit { return }
    }
    var (names, fresh) = (earlier.names, [Page]())
    Self.note(changed, of: tasks, in: &names, untouched: .untouched, &written) {
      let name = PageName.fresh()
      fresh.append(Page(name: name.text, bytes: $0.bytes))
      return name
    }
    self.fresh = fresh
    pages = StoredPages(.objects(names), tasks, written: written)
    data = try PagedRecord(record: rest, tasks: tasks.count, place: pages.place).bytes()
  }

  /// Puts what stands for each of the changed pages into its place.
  private static func note<Note>(
    _ changed: [Int], of tasks: TaskTable, in notes: inout [Note], untouched: Note, _ written: inout WrittenPages,
    _ note: (StoredPage) -> Note
  ) {
    if notes.count > tasks.pageCount { notes.removeLast(notes.count - tasks.pageCount) }
    // What was stored elsewhere, or in an earlier form, has all of its pages still to be noted.
    for index in notes.isEmpty ? Array(0..<tasks.pageCount) : changed {
      let page = tasks[page: index]
      let isUntouched = page.allSatisfy { $0.isUntouched }
      let stored = isUntouched ? nil : StoredPage(page, after: written[index])
      written[index] = stored
      let noted = stored.map(note) ?? untouched
      if index < notes.count { notes[index] = noted } else { notes.append(noted) }
    }
  }
}
