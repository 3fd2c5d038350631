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

  /// - Parameter pages: all of them full, but for the last.
  package init(pages: [Page]) {
    self.pages = pages
    count = pages.reduce(0) { $0 + $1.count }
  }

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

extension TaskTable: Codable {
  package init(from decoder: any Decoder) throws {
    let tasks = try [TaskState](from: decoder)
    self.init(
      pages: stride(from: 0, to: tasks.count, by: Self.pageSize).map {
        Array(tasks[$0..<Swift.min($0 + Self.pageSize, tasks.count)])
      })
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.unkeyedContainer()
    for page in pages { try container.encode(contentsOf: page) }
  }
}
