import Coordination
package import Model
import ObjectStorage

extension BuildRecord: BuildStateHolder {}

extension EndedBuild: BuildStateHolder {
  package var state: BuildState {
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
    let written = try WrittenRecord(record, limit: limit, after: earlier)
    try await sideBySide(written.fresh) { try await objects.put($0.bytes, at: folder / $0.name) }
    if written.pages.isLarge { pageCache.keep(written.pages, of: build) }
    return (try await overflowing(written.data, limit: limit, into: folder), written.pages)
  }

  /// The record that stands there, or in objects.
  ///
  /// - Returns: `nil` when one of these is gone, because there is a later state.
  func record<Record: BuildStateHolder>(
    _ type: Record.Type, of build: BuildID, from stored: [UInt8]
  ) async throws -> (record: Record, pages: StoredPages)? {
    guard let data = try await resolved(stored) else { return nil }
    var read = try ReadRecord<Record>(data, knowing: pageCache.pages(of: build))
    let (missing, unknown) = (read.missing, read.unknown)
    let fetched = try await sideBySide(missing) { try await page($0.name, of: build) }
    for (missing, page) in zip(missing, fetched) {
      guard let page else { return nil }
      try read.take(page, at: missing.page)
    }
    let (record, pages) = try read.whole()
    // Nobody can have written such a state, and nobody works with it.
    if let flaw = record.state.flaw(on: unknown) { throw RepositoryError.flawedState(of: build, flaw) }
    if !unknown.isEmpty, pages.isLarge { pageCache.keep(pages, of: build) }
    return (record, pages)
  }

  /// Whether a record stands in what is stored, with nothing of it in objects.
  func isWhole(_ stored: [UInt8]) -> Bool {
    !PagedRecord<EndedBuild>.hasObjects(stored) && !stored.starts(with: EarlierPagedRecord<EndedBuild>.prefix)
      && (try? overflowObject(of: stored)) == .some(nil)
  }

  /// The version that stands in a stored end of a build, also where its pages are gone, because it never came to that end.
  func version(ofEnded stored: [UInt8]) async throws -> Int {
    guard let data = try await resolved(stored) else { return -1 }
    return try ReadRecord<EndedBuild>(data, knowing: StoredPages()).version
  }

  private func page(_ name: String, of build: BuildID) async throws -> TaskTable.Page? {
    try await objects.read(ObjectMap.states(of: build) / name).map(TaskTable.page)
  }

  /// Removes the pages that are in the place of others now.
  func forget(_ pages: StoredPages, of build: BuildID, but kept: StoredPages) async throws {
    try await sideBySide(pages.objects(notIn: kept)) { try await objects.delete(ObjectMap.states(of: build) / $0) }
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
