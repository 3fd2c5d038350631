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
  private var tasks = 0
  private var pages = StoredPages()
  package private(set) var missing: [Missing] = []

  /// - Parameter known: pages of some state of the same build.
  /// - Throws: `DecodingError`, or ``RepositoryError`` with `damaged`.
  package init(_ data: [UInt8], knowing known: StoredPages) throws {
    if let paged = try PagedRecord<Record>(data) {
      (record, tasks) = (paged.record, paged.tasks)
      pages.content = known.content
      takeOver(paged.pages, known)
    } else if data.starts(with: EarlierPagedRecord<Record>.prefix) {
      let paged = try JSONBytes.decode(EarlierPagedRecord<Record>.self, from: data)
      (record, tasks) = (paged.record, paged.tasks)
      guard tasks >= 0, TaskTable.pageCount(of: tasks) == paged.pages.count else {
        throw RepositoryError.incompleteState
      }
      takeOver(paged.pages)
    } else {
      record = try JSONBytes.decode(Record.self, from: data)
    }
  }

  private mutating func takeOver(_ names: [PageName], _ known: StoredPages) {
    if pages.content.count > names.count { pages.content.removeLast(pages.content.count - names.count) }
    for (index, name) in names.enumerated() {
      let isKnown = index < known.names.count && known.names[index] == name
      // An untouched page, too, grows when tasks join the build.
      if isKnown, name != .untouched || pages.content[index].count == TaskTable.pageSize(at: index, of: tasks) {
        continue
      }
      put(page: index, isUntouched: name == .untouched)
      if name != .untouched { missing.append(Missing(page: index, name: name.text)) }
    }
    pages.names = names
  }

  private mutating func takeOver(_ names: [String]) {
    for (index, name) in names.enumerated() {
      put(page: index, isUntouched: name.isEmpty)
      if !name.isEmpty { missing.append(Missing(page: index, name: name)) }
    }
    pages.earlier = names.filter { !$0.isEmpty }
  }

  private mutating func put(page index: Int, isUntouched: Bool) {
    let size = isUntouched ? TaskTable.pageSize(at: index, of: tasks) : 0
    let page = TaskTable.Page(repeating: TaskState(), count: size)
    if index < pages.content.count { pages.content[index] = page } else { pages.content.append(page) }
  }

  package mutating func take(_ content: TaskTable.Page, at page: Int) { pages.content[page] = content }

  /// - Returns: the whole of it, once nothing is missing any more.
  /// - Throws: ``RepositoryError`` with `damaged`.
  package consuming func whole() throws -> (record: Record, pages: StoredPages) {
    guard !pages.content.isEmpty else { return (record, StoredPages()) }
    guard let table = TaskTable(pages: pages.content, of: tasks) else { throw RepositoryError.incompleteState }
    record.state = record.state.with(table)
    return (record, pages)
  }
}

extension ReadRecord<EndedBuild> {
  /// That from which the build was ended, also where its pages are gone.
  var version: Int { record.version }
}
