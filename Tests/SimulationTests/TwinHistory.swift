import Coordination
import Measurement
import Simulation
import Testing

/// One random history, made in two stores at once by two sessions each.
struct TwinHistory {
  private typealias Twins = (simulated: any CoordinationSession, real: any CoordinationSession)

  private var random: SeededGenerator
  private let simulated: any CoordinationStore
  private let real: any CoordinationStore
  private var sessions: [Twins] = []
  /// The simulated store's transactions and sessions beside the real one's, which have other numbers in the same order.
  private var places: [Int64: Int64] = [:]
  private var owners: [SessionID: SessionID] = [:]
  private var versions: [NodePath: Int] = [:]
  /// The session that made the last transaction, refused or not: what it reads is the present without more ado.
  private var writer: SessionID?
  private(set) var codes: Set<CoordinationError.Code?> = []

  init(seed: UInt64, simulated: any CoordinationStore, real: any CoordinationStore) async throws {
    random = SeededGenerator(seed: seed)
    (self.simulated, self.real) = (simulated, real)
    for _ in 0..<2 { try await addSession() }
  }

  /// Does up to so many operations in both stores, and compares what they answer. Ends early when the real store's answer is
  /// lost on the way, as that of a server may be: nobody knows then what both should hold.
  ///
  /// - Returns: how many were compared.
  mutating func run(_ count: Int) async throws -> Int {
    for number in 0..<count {
      do {
        try await step()
      } catch let error as CoordinationError where error.code == .outcomeUnknown || error.code == .sessionEnded {
        return number
      }
    }
    return count
  }

  func close() async {
    for (simulated, real) in sessions {
      await simulated.close()
      await real.close()
    }
  }

  private mutating func addSession() async throws {
    let twins = Twins(try await simulated.openSession(), try await real.openSession())
    owners[twins.simulated.id] = twins.real.id
    sessions.append(twins)
  }

  private mutating func step() async throws {
    let index = random.below(sessions.count)
    switch random.below(1_000) {
    case 0..<4: try await replaceSession(index)
    case 4..<300: try await compareNode(path(), sessions[index])
    case 300..<500: try await compareChildren(path(), sessions[index])
    default: try await transact(sessions[index])
    }
  }

  private mutating func replaceSession(_ index: Int) async throws {
    // The end of a session is a write of nobody that is still there.
    writer = nil
    let (simulated, real) = sessions.remove(at: index)
    await simulated.close()
    await real.close()
    try await addSession()
  }

  private mutating func transact(_ session: Twins) async throws {
    let changes = (0..<random.pick(1...4)).map { _ in change() }
    writer = session.simulated.id
    let simulated = await Outcome { try await session.simulated.transaction(changes) }
    let real = await Outcome { try await session.real.transaction(changes) }
    if real.code == .outcomeUnknown || real.code == .sessionEnded {
      throw CoordinationError(.outcomeUnknown, message: "the real store's answer is lost")
    }
    #expect(simulated == real, "\(changes)")
    codes.insert(simulated.code)
  }

  private mutating func compareNode(_ path: NodePath, _ session: Twins) async throws {
    try await synchronize(session)
    let node = try await session.simulated.read(path)
    let real = try await session.real.read(path)
    versions[path] = node?.version
    let expected = node.map { node in
      Node(
        data: node.data, version: node.version, created: place(node.created, real?.created),
        modified: place(node.modified, real?.modified), owner: node.owner.flatMap { owners[$0] },
        childCount: node.childCount)
    }
    #expect(real == expected, "\(path)")
  }

  private func compareChildren(_ path: NodePath, _ session: Twins) async throws {
    try await synchronize(session)
    let simulated = try await session.simulated.children(of: path)
    #expect(try await session.real.children(of: path) == simulated, "\(path)")
  }

  private func synchronize(_ session: Twins) async throws {
    guard writer != session.simulated.id else { return }
    try await session.simulated.synchronize()
    try await session.real.synchronize()
  }

  /// The real store's number for one of the simulated one's transactions, learnt when it is first met.
  private mutating func place(_ transaction: Int64, _ found: Int64?) -> Int64 {
    if places[transaction] == nil { places[transaction] = found }
    return places[transaction] ?? 0
  }

  private mutating func change() -> Change {
    let path = path()
    let data = (0..<random.below(4)).map { _ in UInt8(random.below(256)) }
    let version = [nil, versions[path], versions[path], random.below(3)][random.below(4)]
    switch random.below(10) {
    case 0..<4: return .create(path, data, random.chance(500) ? .session : .persistent)
    case 4..<6: return .write(path, data, expecting: version)
    case 6..<9: return .delete(path, expecting: version)
    default: return .check(path, expecting: version)
    }
  }

  private mutating func path() -> NodePath {
    var path = NodePath.root
    for _ in 0...random.below(3) { path = path / ["a", "B", "c.1", "b~2"][random.below(4)] }
    return path
  }
}

/// How a transaction ended.
private struct Outcome: Equatable {
  /// `nil` when it was made.
  var code: CoordinationError.Code?
  var index: Int?

  init(_ body: () async throws -> Void) async {
    do {
      try await body()
    } catch let error as CoordinationError {
      (code, index) = (error.code, error.changeIndex)
    } catch {
      Issue.record(error)
    }
  }
}
