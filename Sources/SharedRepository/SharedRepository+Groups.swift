package import Coordination
import Crypto
package import Model

/// Concurrency groups.
extension SharedRepository {
  /// Brings a build into its job's group.
  ///
  /// - Returns: its place, and the tickets to post.
  func enter(
    _ job: Job, _ request: BuildRequest, _ groups: inout GroupBook
  ) async throws -> (GroupPlace?, [Ticket]) {
    let start = Ticket.advance(.start, after: request, at: now())
    guard let declared = job.concurrency else { return (nil, [start]) }
    let concurrency: Concurrency
    do {
      concurrency = try declared.resolved(with: request.values)
    } catch {
      throw RepositoryError(error)
    }
    let entry: GroupBook.Entry
    do {
      entry = try await groups.enter(start, concurrency, digest: Self.digest(ofGroup: concurrency.group))
    } catch let error as GroupFull {
      throw RepositoryError(
        .conflict, "\(GroupBook.mostWaiting) builds wait for the group \(error.group) already",
        remedy: "wait, or set \"whenBusy\" of the job's concurrency to \"cancel-older\" or \"skip\"")
    }
    var tickets = entry.place.status == .waits ? [] : [start]
    for older in entry.superseded {
      let event = BuildEvent.supersede(by: request.build, at: now())
      if var ticket = older.start {
        ticket.work = .advance(event)
        tickets.append(ticket)
      } else if let running = try await runningBuild(older.build) {
        tickets.append(.advance(event, after: running.record.request, at: now()))
      }
    }
    return (entry.place, tickets)
  }

  /// Lets a build that ends out of its group.
  ///
  /// - Returns: what starts the builds that come in for it.
  package func leave(_ place: GroupPlace?, of build: BuildID, _ groups: inout GroupBook) async throws -> [Ticket] {
    guard let place else { return [] }
    return try await groups.leave(build, digest: Self.digest(ofGroup: place.group))
  }

  /// The builds that hold a group now, and since when.
  package func holders(ofGroup group: String) async throws -> [GroupRecord.Holder] {
    guard let node = try await session.read(NodeMap.group(Self.digest(ofGroup: group))) else { return [] }
    return try JSONBytes.decode(GroupRecord.self, from: node.data).holders
  }

  private static func digest(ofGroup name: String) -> String {
    SHA256.hash(data: Array(name.utf8)).prefix(20).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }
}
