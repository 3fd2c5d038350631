import Coordination
import Measurement
import Model
import SharedRepository
import Testing

/// How the states of large builds stand in the stores.
struct StoredStateTests {
  private static func record(of size: Int) throws -> BuildRecord {
    let request = BuildRequest(
      build: BuildID(job: try JobName("large"), number: 1), requestID: "r", jobRevision: "j", parameters: [:],
      cause: .request, requested: Timestamp(milliseconds: 0), depth: 0, priority: 0)
    return BuildRecord(request: request, state: BuildState(taskCount: size))
  }

  private static func plan(of record: BuildRecord) throws -> Plan {
    // So many lines of tasks side by side: only the first of each are posted when the build begins.
    let tasks = try (0..<record.state.tasks.count).map { index in
      TaskDefinition(
        name: try TaskName("t\(index)"), needs: index < 64 ? [] : [try TaskName("t\(index - 64)")],
        work: .executeShell(ExecuteShell(command: .script("true"))))
    }
    return try Plan(request: record.request, tasks: tasks)
  }

  /// A build of so many tasks, some of which are posted.
  private static func begun(_ size: Int, _ plan: Plan) throws -> BuildRecord {
    var record = try record(of: size)
    _ = record.state.advance(plan, .start, now: Timestamp(milliseconds: 1))
    return record
  }

  /// What somebody reads who knows some pages.
  private static func read(
    _ written: WrittenRecord, _ objects: [String: [UInt8]], knowing known: StoredPages = StoredPages()
  ) throws -> (record: BuildRecord, reads: Int, pages: StoredPages) {
    var read = try ReadRecord<BuildRecord>(written.data, knowing: known)
    let missing = read.missing
    for missing in missing {
      try read.take(try TaskTable.page(of: try #require(objects[missing.name])), at: missing.page)
    }
    let (record, pages) = try read.whole()
    return (record, missing.count, pages)
  }

  @Test("One outcome in a build of ten thousand tasks writes one page, and whoever knew the others reads one")
  func onePage() throws {
    let first = try Self.record(of: 10_000)
    let plan = try Self.plan(of: first)
    var record = try Self.begun(10_000, plan)
    var written = try WrittenRecord(record, limit: CoordinationLimits.nodeSize, after: StoredPages())
    // To the first 64 something has happened.
    #expect(written.fresh.count == 4 && written.data.count <= CoordinationLimits.nodeSize)
    var objects = Dictionary(uniqueKeysWithValues: written.fresh.map { ($0.name, $0.bytes) })
    let known = try Self.read(written, objects)
    #expect(known.record == record && known.reads == 4)
    let time = Timestamp(milliseconds: 2)
    _ = record.state.advance(
      plan,
      .ended(
        AttemptOutcome(
          task: 40, attempt: 1, token: "t", worker: "w", verdict: .succeeded, started: time, finished: time)),
      now: time)
    // The page of the task, and that of the one which is posted now.
    let before = written.pages
    written = try WrittenRecord(record, limit: CoordinationLimits.nodeSize, after: before)
    #expect(before.objects(notIn: written.pages).count == 1 && written.fresh.count == 2)
    for page in written.fresh { objects[page.name] = page.bytes }
    let again = try Self.read(written, objects, knowing: known.pages)
    #expect(again.record == record && again.reads == 2)
    #expect(try Self.read(written, objects, knowing: again.pages).reads == 0)
    // Who is behind knows less, and reads what he lacks.
    #expect(try Self.read(written, objects).record == record)
  }

  @Test("A few pages stand in the record, the same bytes for the same state, until that is too large")
  func withinTheRecord() throws {
    let plan = try Self.plan(of: try Self.record(of: 100))
    let record = try Self.begun(100, plan)
    let limit = CoordinationLimits.nodeSize
    let written = try WrittenRecord(record, limit: limit, after: StoredPages())
    #expect(written.fresh.isEmpty)
    #expect(try WrittenRecord(record, limit: limit, after: StoredPages()).data == written.data)
    #expect(try ReadRecord<BuildRecord>(written.data, knowing: StoredPages()).unknown.count == 7)
    #expect(try ReadRecord<BuildRecord>(written.data, knowing: written.pages).unknown.isEmpty)
    let time = Timestamp(milliseconds: 2)
    let outcome = AttemptOutcome(
      task: 3, attempt: 1, token: "t", worker: "w", verdict: .succeeded, started: time, finished: time)
    var later = record
    _ = later.state.advance(plan, .ended(outcome), now: time)
    let again = try WrittenRecord(later, limit: limit, after: written.pages)
    #expect(try WrittenRecord(later, limit: limit, after: StoredPages()).data == again.data)
    for known in [StoredPages(), written.pages, again.pages] {
      let (found, reads, pages) = try Self.read(again, [:], knowing: known)
      #expect(found == later && reads == 0)
      #expect(try WrittenRecord(found, limit: limit, after: pages).data == again.data)
    }
    let large = try WrittenRecord(later, limit: again.data.count - 1, after: again.pages)
    let objects = Dictionary(uniqueKeysWithValues: large.fresh.map { ($0.name, $0.bytes) })
    #expect(try Self.read(large, objects, knowing: again.pages).record == later)
    // To the tasks of the last two pages nothing has happened.
    #expect(large.fresh.count == 5 && large.pages.objects(notIn: again.pages).count == 5)
    // What stands in objects stays there, whatever the limit is.
    #expect(try WrittenRecord(later, limit: limit, after: large.pages).fresh.isEmpty)
  }

  @Test(
    "What was stored before is still read, written anew as a whole, and its objects are known", arguments: [100, 200])
  func earlierForm(_ size: Int) throws {
    let plan = try Self.plan(of: try Self.record(of: size))
    let record = try Self.begun(size, plan)
    var rest = record
    rest.state = record.state.with(TaskTable(count: 0))
    // Its pages were larger.
    let names = (0..<(size + 31) / 32).map { $0 < 2 ? "pearlier\($0)" : "" }
    let list = try JSONBytes.encode(names)
    let data =
      Array(#"{"pages":"#.utf8) + list + Array(#","record":"#.utf8) + (try JSONBytes.encode(rest))
      + Array(#","tasks":\#(size)}"#.utf8)
    var read = try ReadRecord<BuildRecord>(data, knowing: StoredPages())
    #expect(read.missing.map(\.name) == ["pearlier0", "pearlier1"])
    for index in 0..<2 {
      let tasks = Array(record.state.tasks[index * 32..<(index + 1) * 32])
      try read.take(try TaskTable.page(of: JSONBytes.encode(tasks)), at: index)
    }
    let (found, pages) = try read.whole()
    #expect(found == record)
    var next = found
    let time = Timestamp(milliseconds: 2)
    let outcome = AttemptOutcome(
      task: 40, attempt: 1, token: "t", worker: "w", verdict: .succeeded, started: time, finished: time)
    #expect(next.state.advance(plan, .ended(outcome), now: time).isEmpty == (size < 104))
    for later in [found, next] {
      let written = try WrittenRecord(later, limit: CoordinationLimits.nodeSize, after: pages)
      // What happened to tasks of these pages: the others follow.
      #expect(written.fresh.count == (size == 100 ? 0 : later == next ? 5 : 4))
      #expect(pages.objects(notIn: written.pages) == ["pearlier0", "pearlier1"])
      let objects = Dictionary(uniqueKeysWithValues: written.fresh.map { ($0.name, $0.bytes) })
      #expect(try Self.read(written, objects).record == later)
    }
  }

  @Test("Tasks that join a build make its last page larger, also one to which nothing had happened")
  func growth() throws {
    let (small, large) = (try Self.record(of: 140), try Self.record(of: 150))
    let one = try WrittenRecord(small, limit: 100, after: StoredPages())
    let known = try Self.read(one, [:])
    let other = try WrittenRecord(large, limit: 100, after: one.pages)
    #expect(one.fresh.isEmpty && other.fresh.isEmpty)
    #expect(try Self.read(other, [:], knowing: known.pages).record == large)
    #expect(try Self.read(one, [:], knowing: try Self.read(other, [:]).pages).record == small)
  }

  @Test("A record that nobody wrote so is an error, and nothing else")
  func damage() throws {
    var random = SeededGenerator(seed: 1)
    let plan = try Self.plan(of: try Self.record(of: 200))
    let small = try Self.plan(of: try Self.record(of: 100))
    let written = try [
      WrittenRecord(try Self.begun(200, plan), limit: 100, after: StoredPages()),
      WrittenRecord(try Self.begun(100, small), limit: CoordinationLimits.nodeSize, after: StoredPages()),
    ]
    #expect(written.map(\.fresh.isEmpty) == [false, true])
    for round in 0..<10_000 {
      var bytes = written[round % 2].data
      for _ in 0..<3 {
        bytes[Int.random(in: 0..<min(bytes.count, 80), using: &random)] = .random(in: 0...255, using: &random)
      }
      bytes.removeLast(Bool.random(using: &random) ? 0 : Int.random(in: 0..<bytes.count, using: &random))
      do {
        var read = try ReadRecord<BuildRecord>(bytes, knowing: StoredPages())
        for missing in read.missing { try read.take([], at: missing.page) }
        _ = try read.whole()
      } catch is DecodingError {
      } catch let error as RepositoryError {
        #expect(error.code == .damaged)
      }
    }
  }
}
