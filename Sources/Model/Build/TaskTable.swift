/// The states of a build's tasks, in pages: a copy shares with its original all pages but those that differ, so that a build
/// of ten thousand tasks is moved on, compared and stored for the price of the pages that an event touches.
package struct TaskTable: Hashable, Sendable {
  package typealias Page = [TaskState]

  /// Tasks on one page.
  package static let pageSize = 32

  /// All of them full, but for the last.
  package private(set) var pages: [Page]
  package private(set) var count: Int

  /// The tasks of a build to which nothing has happened.
  package init(count: Int) {
    self.count = 0
    pages = []
    append(count: count)
  }

  /// - Returns: `nil` when the pages are not those of so many tasks.
  package init?(pages: [Page], of count: Int) {
    guard pages.count == Self.pageCount(of: count),
      pages.indices.allSatisfy({ pages[$0].count == Self.pageSize(at: $0, of: count) })
    else { return nil }
    (self.pages, self.count) = (pages, count)
  }

  package static func pageCount(of tasks: Int) -> Int { tasks / pageSize + (tasks % pageSize > 0 ? 1 : 0) }

  /// How many tasks are on a page: all of them are full, but for the last.
  package static func pageSize(at page: Int, of tasks: Int) -> Int { Swift.min(pageSize, tasks - page * pageSize) }

  /// Adds tasks to which nothing has happened.
  package mutating func append(count added: Int) {
    let last = pages.last.map { Self.pageSize - $0.count } ?? 0
    if last > 0, added > 0 {
      pages[pages.count - 1] += Array(repeating: TaskState(), count: Swift.min(last, added))
    }
    for start in stride(from: Swift.min(last, added), to: added, by: Self.pageSize) {
      pages.append(Array(repeating: TaskState(), count: Swift.min(Self.pageSize, added - start)))
    }
    count += added
  }
}

extension TaskTable: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(task: Int) -> TaskState {
    get { pages[task / Self.pageSize][task % Self.pageSize] }
    _modify { yield &pages[task / Self.pageSize][task % Self.pageSize] }
  }
}
