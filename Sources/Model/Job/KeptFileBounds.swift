/// What the job files of one repository can do: what the operator's job that reads them says.
package struct KeptFileBounds: Hashable, Sendable {
  /// The job that reads them.
  package let reader: JobName
  /// The address that they are read from.
  package let repository: String
  package let files: JobFiles
  /// Highest that they may ask for.
  package let priority: Int
  /// Other names by which the reader's triggers know the repository.
  private let names: [String]

  /// - Returns: `nil` when the job reads no files.
  package init?(_ job: Job) {
    guard let reading = job.reading else { return nil }
    reader = job.name
    repository = reading.work.repository
    files = reading.files
    priority = job.priority
    names = job.triggers.compactMap(\.repository).map(RepositoryIdentity.of)
  }

  /// Whether an address is that of the repository itself.
  package func isOwn(_ address: String) -> Bool {
    RepositoryIdentity.names(repository, address) || names.contains(RepositoryIdentity.of(address))
  }

  /// Whether tasks may take from an address, and put to it where they may put anything.
  package func reaches(_ address: String) -> Bool {
    // As it is written: what reads alike may be another server, another user, or a way without a key.
    ([repository] + files.repositories).contains { Self.plain($0).elementsEqual(Self.plain(address)) }
  }

  /// Without the ending that servers take or leave; on this machine it is another folder.
  private static func plain(_ address: String) -> Substring.UTF8View {
    let isLocal = address.hasPrefix("/") || address.hasPrefix("file:")
    return (isLocal || !address.hasSuffix(".git") ? address[...] : address.dropLast(4)).utf8
  }

  /// Whether builds may be in a concurrency group, in which jobs of others may be as well.
  ///
  /// - Parameter group: as written. What its references stand for may be hostile, so only its beginning says whose it is.
  package func allows(group: String) -> Bool {
    if group == Concurrency.defaultGroup || group.hasPrefix(Concurrency.defaultGroup + "/") { return true }
    guard let reference = group.firstRange(of: "${") else {
      guard let job = try? JobName(String(group.prefix { $0 != "/" })) else { return false }
      return files.defines(job)
    }
    let beginning = group[..<reference.lowerBound]
    return files.jobs.contains { glob in
      let name = glob.prefix { !"*?[\\".contains($0) }
      return glob == name + "*" && beginning.hasPrefix(name)
    }
  }
}

extension Trigger {
  /// The repository that it is about, as written.
  package var repository: String? {
    switch self {
    case .push(let trigger): trigger.repository
    case .poll(let trigger): trigger.repository
    case .pullRequest(let trigger): trigger.repository
    case .schedule: nil
    }
  }
}
