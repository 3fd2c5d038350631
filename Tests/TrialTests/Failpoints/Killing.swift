import Foundation

/// A pass of a failpoint at which a victim may be killed.
struct Killing: Hashable, Sendable, CustomStringConvertible {
  var victim: Victim
  var act: Act
  var place: Place
  /// The how manieth pass it is in the life of the process.
  var number: Int

  struct Place: Hashable, Sendable {
    var moment: String
    var site: String

    /// Whether something is other than it was once the site was passed. To die before looking at something is to die after
    /// what was done last, and to die after it is to die before what would be done next.
    var changes: Bool {
      let looks = ["read", "children", "watch", "synchronize", "get", "stat", "value", "entries"]
      return !looks.contains { site.hasPrefix("\($0) ") || site == $0 }
    }

    /// The same of a transaction without where its tickets went: into a queue, whose fair share is kept then, or to a slot
    /// that was idle; and whether that list had to be made. It depends on who happens to be quicker, and makes many forms of
    /// one operation.
    var operation: Place {
      let verb = "transaction "
      guard site.hasPrefix(verb) else { return self }
      let changes = site.dropFirst(verb.count).components(separatedBy: " + ")
      let roads = ["queues", "shares", "idle", "slots"]
      let others = changes.filter { change in !roads.contains { change.contains(" /\($0)/") } }
      return others.isEmpty ? self : Place(moment: moment, site: verb + others.joined(separator: " + "))
    }
  }

  var failpoints: String { "kill:\(place.moment):\(number):\(place.site)" }
  var description: String { "\(victim) in \(act): DISTCI_FAILPOINTS='\(failpoints)'" }
}
