import Model
import ObjectStorage

/// Whose reading of a repository's default branch holds: builds that read it need not end in the order in which they began.
extension SharedRepository {
  /// Has what a build read on the default branch take the place of what earlier builds read there.
  ///
  /// - Parameter build: the number of the build that read it.
  /// - Returns: the reader for whom it is to be kept, until a newer build's reading is taken over; `nil` when one is already.
  /// - Throws: ``JobFileReaderChanged``.
  package func takeOver(readingOf build: Int, for reader: JobFileReaderEntry) async throws -> JobFileReaderEntry? {
    let key = ObjectMap.readingEntry(reader.bounds.reader, RepositoryIdentity.of(reader.bounds.repository))
    let own = Array(String(build).utf8)
    while true {
      let known = try await objects.value(in: ObjectMap.jobs, at: key)
      if let newest = try known.map(buildNumber), newest > build { return nil }
      if known != own {
        let change = IndexChange(key: key, value: own, expecting: known.map(IndexChange.Expectation.value) ?? .absent)
        guard try await update([change], for: reader) else { continue }
      }
      var reader = reader
      reader.guards.append(.guarding(key, own))
      return reader
    }
  }

  private func buildNumber(_ bytes: [UInt8]) throws -> Int {
    guard let number = Int(String(decoding: bytes, as: UTF8.self)) else {
      throw RepositoryError(
        .damaged, "which build read the job files last cannot be read", remedy: "restore a backup")
    }
    return number
  }
}
