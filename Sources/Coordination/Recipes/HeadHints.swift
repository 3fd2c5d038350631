import Model

/// What a process knows of the head of one queue, so that its claimers neither read a long list each time nor reach for the
/// same ticket.
///
/// A short queue is read each time and claimed in its exact order, unless this process is overtaken again and again. Of a
/// deep one, which has ``deep`` names in its first part or ``deepParts`` more parts, a run of names is kept, for at most a
/// second, and claimed one by one: a ticket that comes before them meanwhile is overlooked for as long. Whoever is overtaken
/// by claimers of other processes begins the next run further back, within ``widest`` names, so that they keep out of each
/// other's way.
struct HeadHints: Sendable {
  /// In reverse order.
  private var run: [QueueEntry] = []
  private var read = Timestamp(milliseconds: 0)
  /// Names that claimers of this process have reached for lately, oldest first. Others prefer to leave them alone.
  private var reached: [String] = []
  private var isReached: Set<String> = []
  private var window = 1
  private var wins = 0

  static let deep = 64
  static let deepParts = 2
  static let widest = 256
  private static let longestRun = 32
  private static let shortestRun = 8
  private static let lifetime = Duration.seconds(1)
  private static let mostReached = 512

  /// The next of the run that was kept; `nil` when the queue must be read.
  mutating func next(now: Timestamp) -> QueueEntry? {
    if now.since(read) > Self.lifetime { run.removeAll() }
    guard let entry = run.popLast() else { return nil }
    reach(entry)
    return entry
  }

  /// Picks one of the entries that were read at the head.
  ///
  /// - Parameter entries: sorted, at least one.
  mutating func pick(
    _ entries: [QueueEntry], isDeep: Bool, now: Timestamp, _ randomness: Randomness
  ) -> QueueEntry {
    let isReached = isReached
    let fresh = Array(entries.lazy.filter { !isReached.contains($0.name) }.prefix(window + Self.longestRun))
    // When claimers of this process reach for all of them, some may yet fail: none may be left alone for that.
    guard !fresh.isEmpty else { return entries[randomness.index(below: entries.count)] }
    // Of a short queue a single loss is no reason to give up its order.
    let width = min(isDeep ? window : window / 4, fresh.count)
    let start = width <= 1 ? 0 : randomness.index(below: width)
    if isDeep {
      run = fresh[start...].dropFirst().prefix(window == 1 ? Self.longestRun - 1 : Self.shortestRun - 1).reversed()
      read = now
    }
    reach(fresh[start])
    return fresh[start]
  }

  /// An entry was picked and not used.
  mutating func putBack(_ entry: QueueEntry) {
    reached.removeAll { $0 == entry.name }
    isReached.remove(entry.name)
    if let next = run.last, entry < next { run.append(entry) }
  }

  mutating func won() {
    wins += 1
    if wins.isMultiple(of: 8) { window = max(1, window / 4) }
  }

  /// Somebody else was quicker.
  mutating func lost() {
    run.removeAll()
    window = min(window * 4, Self.widest)
    wins = 0
  }

  private mutating func reach(_ entry: QueueEntry) {
    if reached.count == Self.mostReached {
      isReached.subtract(reached.prefix(Self.mostReached / 2))
      reached.removeFirst(Self.mostReached / 2)
    }
    if isReached.insert(entry.name).inserted { reached.append(entry.name) }
  }
}
