import Coordination
import Measurement
import Model
import SharedRepository

/// A build that is moved on step by step as build-control does it, but for the stores: what would be stored is kept here.
struct PaperBuild {
  /// How long the steps have taken: each part of those that took an outcome in, and the others as a whole.
  struct Times {
    /// The record is read, with the pages at hand that were written last.
    var read = Duration.zero
    /// An event is taken in.
    var reduce = Duration.zero
    /// The record is written, and the pages that have changed.
    var write = Duration.zero
    /// The build begins, and tasks that became ready are posted turn by turn.
    var turns = Duration.zero
    /// The record and all pages are read by somebody who knows nothing of them.
    var afresh: [Duration] = []

    mutating func add(_ other: Times) {
      read += other.read
      reduce += other.reduce
      write += other.write
      turns += other.turns
      afresh += other.afresh
    }
  }

  private(set) var times = Times()
  private(set) var verdict: Verdict?
  private let plan: Plan
  private var node: [UInt8]
  private var pages: StoredPages
  private let cache = PageCache()
  private var objects: [String: [UInt8]] = [:]

  init(tasks size: Int) throws {
    plan = try Self.plan(of: size)
    let begun = BuildRecord(request: plan.request, state: BuildState(taskCount: size))
    let written = try WrittenRecord(begun, limit: CoordinationLimits.nodeSize, after: StoredPages())
    (node, pages) = (written.data, written.pages)
    if pages.isLarge { cache.keep(pages, of: plan.request.build) }
  }

  /// One step.
  mutating func take(_ event: BuildEvent, at time: Timestamp) throws -> [BuildAction] {
    let clock = ContinuousClock()
    let begin = clock.now
    let read = try ReadRecord<BuildRecord>(node, knowing: cache.pages(of: plan.request.build))
    let unknown = read.unknown
    var (record, known) = try read.whole()
    precondition(record.state.flaw(on: unknown) == nil, "what was written is sound")
    let isRead = clock.now
    let actions = record.state.advance(plan, event, now: time)
    let isTakenIn = clock.now
    let written = try WrittenRecord(record, limit: CoordinationLimits.nodeSize, after: known)
    if written.pages.isLarge { cache.keep(written.pages, of: plan.request.build) }
    let gone = known.objects(notIn: written.pages)
    let end = clock.now
    if case .ended = event {
      times.read += isRead - begin
      times.reduce += isTakenIn - isRead
      times.write += end - isTakenIn
    } else {
      times.turns += end - begin
    }
    for name in gone { objects[name] = nil }
    for page in written.fresh { objects[page.name] = page.bytes }
    (node, pages, verdict) = (written.data, written.pages, record.state.verdict)
    return actions
  }

  mutating func readAfresh() throws {
    times.afresh.append(
      try ContinuousClock().measure {
        var read = try ReadRecord<BuildRecord>(node, knowing: StoredPages())
        for missing in read.missing {
          try read.take(try TaskTable.page(of: objects[missing.name] ?? []), at: missing.page)
        }
        _ = try read.whole()
      })
  }

  /// Pairs of tasks, of which the second needs the first.
  private static func plan(of size: Int) throws -> Plan {
    let names = try (0..<size).map { try TaskName("t\($0)") }
    let tasks = names.indices.map { index in
      TaskDefinition(
        name: names[index], needs: index % 2 == 0 ? [] : [names[index - 1]],
        work: .executeShell(ExecuteShell(command: .script("true"))))
    }
    let request = BuildRequest(
      build: BuildID(job: try JobName("bench"), number: 1), requestID: "", jobRevision: "", parameters: [:],
      cause: .request, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0)
    return try Plan(request: request, tasks: tasks)
  }
}
