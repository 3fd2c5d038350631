/// The states of a build's tasks, in pages, and these on branches: a copy shares with its original all but the one page and
/// branch that an event touches, so that a build of ten thousand tasks is moved on, compared and stored for the price of a
/// small one.
package struct TaskTable: Hashable, Sendable {
  package typealias Page = [TaskState]

  /// Tasks on one page.
  package static let pageSize = 16

  /// Pages on one branch.
  private static let branchSize = 32

  /// All branches are full but for the last, and so are their pages.
  private var branches: [[Page]] = []
  package private(set) var count = 0

  /// The tasks of a build to which nothing has happened.
  package init(count: Int) {
    append(count: count)
  }

  package var pageCount: Int { Self.pageCount(of: count) }

  package static func pageCount(of tasks: Int) -> Int { tasks / pageSize + (tasks % pageSize > 0 ? 1 : 0) }

  /// How many tasks are on a page: all of them are full, but for the last.
  package static func pageSize(at page: Int, of tasks: Int) -> Int { Swift.min(pageSize, tasks - page * pageSize) }

  /// - Precondition: a page that is put has as many tasks as belong there.
  package subscript(page page: Int) -> Page {
    get { branches[page / Self.branchSize][page % Self.branchSize] }
    set {
      precondition(newValue.count == Self.pageSize(at: page, of: count), "a page is full")
      branches[page / Self.branchSize][page % Self.branchSize] = newValue
    }
  }

  /// The pages that are not the same in another table, or not in it. What both share is not looked at.
  package func pages(changedSince earlier: TaskTable) -> [Int] {
    var changed: [Int] = []
    for (index, branch) in branches.enumerated() {
      let other = index < earlier.branches.count ? earlier.branches[index] : []
      guard branch != other else { continue }
      for (offset, page) in branch.enumerated() where offset >= other.count || other[offset] != page {
        changed.append(index * Self.branchSize + offset)
      }
    }
    return changed
  }

  /// Adds tasks to which nothing has happened.
  package mutating func append(count added: Int) {
    let grown = count + added
    while count < grown {
      let page = count / Self.pageSize
      let fresh = Swift.min(grown - count, Self.pageSize - count % Self.pageSize)
      let tasks = Page(repeating: TaskState(), count: fresh)
      if page % Self.branchSize == 0, count % Self.pageSize == 0 { branches.append([]) }
      if count % Self.pageSize == 0 {
        branches[page / Self.branchSize].append(tasks)
      } else {
        branches[page / Self.branchSize][page % Self.branchSize] += tasks
      }
      count += fresh
    }
  }
}

extension TaskTable: RandomAccessCollection, MutableCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { count }

  package subscript(task: Int) -> TaskState {
    get {
      let page = task / Self.pageSize
      return branches[page / Self.branchSize][page % Self.branchSize][task % Self.pageSize]
    }
    _modify {
      let page = task / Self.pageSize
      yield &branches[page / Self.branchSize][page % Self.branchSize][task % Self.pageSize]
    }
  }
}
