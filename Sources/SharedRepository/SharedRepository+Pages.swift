import Coordination
import Model
import ObjectStorage

extension BuildRecord: BuildStateHolder {}

extension EndedBuild: BuildStateHolder {
  var state: BuildState {
    get { record.state }
    set { record.state = newValue }
  }
}

/// The records of builds, which may be large.
extension SharedRepository {
  /// So many pages are read or written at the same time.
  private static let width = 8

  /// What stands for a record in a node or an index, with what does not fit there put into objects.
  ///
  /// - Parameters:
  ///   - limit: in bytes.
  ///   - earlier: what of it is stored already.
  func stored<Record: BuildStateHolder>(
    _ record: Record, of build: BuildID, limit: Int, after earlier: StoredPages
  ) async throws -> (data: [UInt8], pages: StoredPages) {
    let folder = ObjectMap.states(of: build)
    let pages = record.state.tasks.pages
    if pages.count <= 4 {
      let whole = try JSONBytes.encode(record)
      if whole.count <= limit { return (whole, StoredPages()) }
    }
    var paged = PagedRecord(pages: [], record: record, tasks: record.state.tasks.count)
    paged.record.state = record.state.with(TaskTable(count: 0))
    paged.pages = pages.enumerated().map { index, page in
      let isKept = earlier.names.indices.contains(index) && earlier.content[index] == page
      if isKept { return earlier.names[index] }
      return page.allSatisfy { $0 == TaskState() } ? "" : ObjectMap.pageName()
    }
    let fresh = pages.indices.filter { !paged.pages[$0].isEmpty && !earlier.names.contains(paged.pages[$0]) }
    let names = paged.pages
    try await sideBySide(fresh) { index in
      try await objects.put(JSONBytes.encode(pages[index]), at: folder / names[index])
      pageCache.keep(pages[index], as: names[index])
    }
    let data = try await overflowing(JSONBytes.encode(paged), limit: limit, into: folder)
    return (data, StoredPages(names: names, content: pages))
  }

  /// The record that stands there, or in objects.
  ///
  /// - Returns: `nil` when one of these is gone, because there is a later state.
  func record<Record: BuildStateHolder>(
    _ type: Record.Type, of build: BuildID, from stored: [UInt8]
  ) async throws -> (record: Record, pages: StoredPages)? {
    guard let data = try await resolved(stored) else { return nil }
    guard data.starts(with: PagedRecord<Record>.prefix) else {
      return (try JSONBytes.decode(Record.self, from: data), StoredPages())
    }
    let paged = try JSONBytes.decode(PagedRecord<Record>.self, from: data)
    let fresh = TaskTable(count: paged.tasks).pages
    guard fresh.count == paged.pages.count else {
      throw RepositoryError(.damaged, "the state of build \(build) is incomplete", remedy: "start the build again")
    }
    let read = try await sideBySide(Array(fresh.indices)) { index in
      let name = paged.pages[index]
      return name.isEmpty ? fresh[index] : try await page(name, of: build)
    }
    let content = read.compactMap(\.self)
    guard content.count == fresh.count else { return nil }
    var record = paged.record
    record.state = record.state.with(TaskTable(pages: content))
    return (record, StoredPages(names: paged.pages, content: content))
  }

  /// Whether a record stands in what is stored, with nothing of it in objects.
  func isWhole(_ stored: [UInt8]) -> Bool {
    !stored.starts(with: PagedRecord<BuildRecord>.prefix) && (try? overflowObject(of: stored)) == .some(nil)
  }

  /// The version that stands in a stored end of a build, also where its pages are gone, because it never came to that end.
  func version(ofEnded stored: [UInt8]) async throws -> Int {
    guard let data = try await resolved(stored) else { return -1 }
    if data.starts(with: PagedRecord<EndedBuild>.prefix) {
      return try JSONBytes.decode(PagedRecord<EndedBuild>.self, from: data).record.version
    }
    return try JSONBytes.decode(EndedBuild.self, from: data).version
  }

  private func page(_ name: String, of build: BuildID) async throws -> TaskTable.Page? {
    if let known = pageCache.page(name) { return known }
    guard let text = try await objects.read(ObjectMap.states(of: build) / name) else { return nil }
    let page = try JSONBytes.decode(TaskTable.Page.self, from: text)
    pageCache.keep(page, as: name)
    return page
  }

  /// Removes the pages that are in the place of others now.
  func forget(_ pages: StoredPages, of build: BuildID, but kept: StoredPages) async throws {
    let names = Set(pages.names).subtracting(kept.names).subtracting([""])
    for name in names { pageCache.forget(name) }
    try await sideBySide(Array(names)) { try await objects.delete(ObjectMap.states(of: build) / $0) }
  }

  @discardableResult
  private func sideBySide<Input: Sendable, Output: Sendable>(
    _ inputs: [Input], _ body: @escaping @Sendable (Input) async throws -> Output
  ) async throws -> [Output] {
    guard inputs.count > 1 else { return try await inputs.asyncMap(body) }
    return try await withThrowingTaskGroup(of: (Int, Output).self) { group in
      var outputs: [(Int, Output)] = []
      for (index, input) in inputs.enumerated() {
        if index >= Self.width, let output = try await group.next() { outputs.append(output) }
        group.addTask { (index, try await body(input)) }
      }
      for try await output in group { outputs.append(output) }
      return outputs.sorted { $0.0 < $1.0 }.map(\.1)
    }
  }
}
