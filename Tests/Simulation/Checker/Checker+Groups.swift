import Coordination
import Model

/// What must hold of concurrency groups after every transaction.
extension Checker {
  /// No more builds hold a group than may; those that hold it, and those that wait for it, run; and who comes in has waited
  /// longest.
  ///
  /// - Parameter touched: the nodes of the transaction, to tell what was there before.
  func checkGroup(_ path: String, _ touched: [String: Tree.Touched], _ who: String) throws {
    let tree = ensemble.tree
    guard let entry = tree.entries[path] else { return }
    let record = try JSONBytes.decode(GroupRecord.self, from: entry.data)
    let holders = record.holders.map(\.build)
    if holders.isEmpty, record.emptied == nil || !entry.children.isEmpty {
      report("nobody holds the group \(record.name), and it is there, by \(who)")
    }
    if holders.count > record.limit {
      report("\(holders.count) builds hold the group \(record.name), whose limit is \(record.limit), by \(who)")
    }
    if holders.count < record.limit, !entry.children.isEmpty {
      report("\(entry.children) wait for the group \(record.name) although there is room, by \(who)")
    }
    let waiting = entry.children.compactMap { book.places["\(path)/\($0)"]?.build }
    for build in holders + waiting where running[build] == nil {
      report("\(build) is in the group \(record.name), and does not run, by \(who)")
    }
    if Set(holders + waiting).count != holders.count + waiting.count {
      report("a build is in the group \(record.name) twice, by \(who)")
    }
    for build in waiting where running[build]?.state.started != nil {
      report("\(build) has begun, and waits for the group \(record.name), by \(who)")
    }
    let positions = entry.children.compactMap { Int($0.prefix { $0 != "~" }) }
    if Set(positions).count != positions.count || positions.contains(where: { $0 >= record.next }) {
      report("\(entry.children) wait for the group \(record.name), whose next is \(record.next), by \(who)")
    }
    checkOrder(path, holders, touched, who)
  }

  private func checkOrder(_ path: String, _ holders: [BuildID], _ touched: [String: Tree.Touched], _ who: String) {
    guard let first = ensemble.tree.entries[path]?.children.first else { return }
    for (node, change) in touched where node.hasPrefix(path + "/") && change.new == nil {
      guard let data = change.old?.data, let ticket = try? JSONBytes.decode(Ticket.self, from: data),
        holders.contains(ticket.build), NodePath(node).name > first
      else { continue }
      report("\(ticket.build) came into its group before \(first), by \(who)")
    }
  }

  /// A build that holds a group, by its own word, does so by the word of the group.
  func checkMembership(of build: BuildID, _ who: String) {
    guard let state = running[build]?.state, let place = state.group, case .holds = place.status else { return }
    guard !holders(in: ensemble.tree).contains(build) else { return }
    report("\(build) runs without holding the group \(place.group), by \(who)")
  }

  private func holders(in tree: Tree) -> Set<BuildID> {
    var holders: Set<BuildID> = []
    for bucket in tree.children(NodeMap.groups) ?? [] {
      for digest in tree.children(NodeMap.groups / bucket) ?? [] {
        guard let data = tree.entries[NodeMap.group(digest).string]?.data,
          let record = try? JSONBytes.decode(GroupRecord.self, from: data)
        else { continue }
        holders.formUnion(record.holders.map(\.build))
      }
    }
    return holders
  }
}

extension NodePath {
  /// The node of the group that this one is, or is below; `nil` elsewhere.
  var groupPath: String? {
    let parts = string.split(separator: "/")
    return parts.count >= 3 && parts[0] == "groups" ? "/" + parts.prefix(3).joined(separator: "/") : nil
  }
}
