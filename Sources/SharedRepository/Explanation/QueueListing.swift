import Coordination
import Model

/// The entries of a queue in their order, as far as they were read.
struct QueueListing {
  var entries: [QueueEntry] = []
  /// Whether more follow.
  var isCut = false
}

extension CoordinationSession {
  /// Reads the names of a queue's entries from its head on.
  ///
  /// - Parameter limit: at least so many are read, if there are, and no further list then.
  func entries(ofQueue queue: QueueClass, limit: Int) async throws -> QueueListing {
    let path = NodeMap.queue(queue)
    var listing = QueueListing()
    for span in try await children(of: path) ?? [] {
      for part in try await children(of: path / span) ?? [] {
        guard listing.entries.count < limit else {
          listing.isCut = true
          return listing
        }
        listing.entries += (try await children(of: path / span / part) ?? []).map {
          QueueEntry(queue: path, span: span, part: part, name: $0)
        }
      }
    }
    return listing
  }
}

extension QueueEntry {
  /// The build and the ticket that the entry's name tells of; `nil` for a name that is none.
  var ticket: (build: BuildID, name: String)? {
    let parts = name.split(separator: "~")
    guard parts.count == 4, let job = try? JobName(String(parts[1])), let number = Int(parts[2]) else { return nil }
    return (BuildID(job: job, number: number), String(parts[3]))
  }
}
