import Model

/// Parked slots of one class that a process has read of and not used yet. Only what was left over from a long list is kept:
/// a short one is as quick to read, and stays true for less long because everybody takes from it.
///
/// A hint may be out of date. It is only ever used in a transaction that deletes the idle entry and writes the slot at its
/// version, and whoever finds one out of date drops them all.
struct IdleHints: Sendable {
  private var slots: [ParkedSlot] = []
  private var read = Timestamp(milliseconds: 0)
  private var bucket: (path: NodePath, found: Timestamp)?
  private var dearth: Timestamp?

  static let longList = 32
  private static let most = 64
  private static let lifetime = Duration.seconds(1)
  private static let bucketLifetime = Duration.seconds(5)
  private static let dearthLifetime = Duration.milliseconds(50)

  /// Takes hints out, at most so many.
  mutating func take(_ count: Int, now: Timestamp) -> [ParkedSlot] {
    if now.since(read) > Self.lifetime { slots.removeAll() }
    let taken = Array(slots.suffix(count))
    slots.removeLast(taken.count)
    return taken
  }

  func has(now: Timestamp) -> Bool { !slots.isEmpty && now.since(read) <= Self.lifetime }

  mutating func keep(_ slots: some Collection<ParkedSlot>, now: Timestamp) {
    self.slots = Array(slots.prefix(Self.most))
    read = now
  }

  mutating func drop() { slots.removeAll() }

  /// Whether nobody was parked a moment ago. Then a ticket is queued at once: its poster looks for parked slots afterwards in
  /// any case.
  func isDearth(now: Timestamp) -> Bool { dearth.map { now.since($0) <= Self.dearthLifetime } ?? false }

  mutating func foundNobody(now: Timestamp) { dearth = now }

  /// The bucket in which a slot was found lately. To look there first saves the way from the list of lists down to it; a
  /// worker with fewer labels that has come since is overlooked for as long.
  func lately(now: Timestamp) -> NodePath? {
    bucket.flatMap { now.since($0.found) <= Self.bucketLifetime ? $0.path : nil }
  }

  mutating func found(in bucket: NodePath, now: Timestamp) { self.bucket = (bucket, now) }

  mutating func foundSomebody() { dearth = nil }

  mutating func foundNothing(in bucket: NodePath) {
    if self.bucket?.path == bucket { self.bucket = nil }
  }
}
