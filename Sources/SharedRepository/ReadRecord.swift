internal import Glibc
package import Model

/// A record as it is read: first what stands for it, then those of its pages that are not known. Pure as
/// ``WrittenRecord`` is.
package struct ReadRecord<Record: BuildStateHolder>: Sendable {
  /// A page that is to be read and taken in.
  package struct Missing: Sendable {
    package var page: Int
    /// Of its object.
    package var name: String
  }

  fileprivate var record: Record
  private var pages = StoredPages()
  package private(set) var missing: [Missing] = []
  /// The pages that were not known.
  package private(set) var unknown: [Int] = []
  /// How many of the missing ones were not taken in yet.
  private var open = 0
  /// Of the pages that are missing.
  private var pageSize = TaskTable.pageSize

  /// - Parameter known: pages of some state of the same build.
  /// - Throws: `DecodingError`, or ``RepositoryError`` with `damaged`.
  package init(_ data: [UInt8], knowing known: StoredPages) throws {
    if let paged = try PagedRecord<Record>(data) {
      record = paged.record
      pages.place = paged.place
      switch paged.place {
      case .record(let within): try takeOver(within, of: paged.tasks, known)
      case .objects(let names): takeOver(names, of: paged.tasks, known)
      }
    } else if data.starts(with: EarlierPagedRecord<Record>.prefix) {
      let paged = try JSONBytes.decode(EarlierPagedRecord<Record>.self, from: data)
      record = paged.record
      pageSize = EarlierPagedRecord<Record>.pageSize
      guard paged.tasks >= 0, paged.pages.count == paged.tasks / pageSize + (paged.tasks % pageSize > 0 ? 1 : 0) else {
        throw RepositoryError.incompleteState
      }
      pages.take(TaskTable(count: paged.tasks))
      for (index, name) in paged.pages.enumerated() where !name.isEmpty { miss(index, name) }
      pages.earlier = missing.map(\.name)
      unknown = Array(0..<pages.table.pageCount)
    } else {
      record = try JSONBytes.decode(Record.self, from: data)
      unknown = Array(0..<record.state.tasks.pageCount)
    }
  }

  private mutating func takeOver(_ within: [[UInt8]], of tasks: Int, _ known: StoredPages) throws {
    var earlier: [[UInt8]] = []
    if case .record(let pages) = known.place, known.table.count == tasks { earlier = pages }
    if earlier.isEmpty { pages.take(TaskTable(count: tasks)) } else { pages.take(known.table, written: known.written) }
    for (index, bytes) in within.enumerated() {
      guard index >= earlier.count || !bytes.isSame(as: earlier[index]) else { continue }
      let size = TaskTable.pageSize(at: index, of: tasks)
      let page = bytes.isEmpty ? untouched(size) : try TaskTable.page(of: bytes)
      guard page.count == size else { throw RepositoryError.incompleteState }
      pages.take(page, at: index)
      unknown.append(index)
    }
  }

  private mutating func takeOver(_ names: [PageName], of tasks: Int, _ known: StoredPages) {
    let known = known.objects(for: tasks)
    pages.take(known.table, written: known.written)
    for index in PageName.positions(of: names, notIn: known.names) {
      let name = names[index]
      if name == .untouched {
        pages.take(untouched(TaskTable.pageSize(at: index, of: tasks)), at: index)
      } else {
        miss(index, name.text)
        unknown.append(index)
      }
    }
  }

  private func untouched(_ size: Int) -> TaskTable.Page { TaskTable.Page(repeating: TaskState(), count: size) }

  private mutating func miss(_ page: Int, _ name: String) {
    missing.append(Missing(page: page, name: name))
    open += 1
  }

  /// - Throws: ``RepositoryError`` with `damaged`.
  package mutating func take(_ content: TaskTable.Page, at page: Int) throws {
    let start = page * pageSize
    guard content.count == min(pageSize, pages.table.count - start) else { throw RepositoryError.incompleteState }
    if pageSize == TaskTable.pageSize {
      pages.take(content, at: page)
    } else {
      var table = pages.table
      for (offset, task) in content.enumerated() { table[start + offset] = task }
      pages.take(table)
    }
    open -= 1
  }

  /// - Returns: the whole of it, once nothing is missing any more.
  /// - Throws: ``RepositoryError`` with `damaged`.
  package consuming func whole() throws -> (record: Record, pages: StoredPages) {
    guard open == 0 else { throw RepositoryError.incompleteState }
    guard pages.table.count > 0 else { return (record, StoredPages()) }
    record.state = record.state.with(pages.table)
    return (record, pages)
  }
}

extension ReadRecord<EndedBuild> {
  /// That from which the build was ended, also where its pages are gone.
  var version: Int { record.version }
}

extension [UInt8] {
  /// Pages of some thousand bytes, as quickly as the machine compares memory.
  fileprivate func isSame(as other: [UInt8]) -> Bool {
    guard count == other.count else { return false }
    return unsafe withUnsafeBytes { ours in
      unsafe other.withUnsafeBytes { theirs in
        guard let ours = ours.baseAddress, let theirs = theirs.baseAddress else { return true }
        return unsafe memcmp(ours, theirs, count) == 0
      }
    }
  }
}
