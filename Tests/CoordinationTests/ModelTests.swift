import Coordination
import Measurement
import Testing

/// Random histories, the same in every run, against the model.
@Suite(.timeLimit(.minutes(3)))
struct ModelTests {
  @Test(arguments: Backend.all, [1, 2, 3] as [UInt64])
  func `a store does what the model does`(_ backend: Backend, seed: UInt64) async throws {
    try await backend.withStore { store in
      var history = try await History(seed: seed, store: store)
      for step in 0..<1_000 {
        try await history.advance()
        if step.isMultiple(of: 100) { try await history.compareAll() }
      }
      try await history.compareAll()
      #expect(history.outcomes.count == 6, "the history should meet every outcome: \(history.outcomes)")
    }
  }
}

/// A store and the model, driven side by side by two sessions that come and go.
private struct History {
  private var random: SeededGenerator
  private var model = ReferenceTree()
  private let store: TestStore
  private var sessions: [any CoordinationSession]
  /// The model's transactions beside the store's, which have other numbers in the same order.
  private var places: [Int: Int64] = [:]
  private(set) var outcomes: Set<CoordinationError.Code?> = []

  init(seed: UInt64, store: TestStore) async throws {
    random = SeededGenerator(seed: seed)
    self.store = store
    sessions = [try await store.session(), try await store.distantSession()]
  }

  mutating func advance() async throws {
    let index = Int.random(in: 0..<sessions.count, using: &random)
    if Int.random(in: 0..<60, using: &random) == 0 { return try await replaceSession(index) }
    let session = sessions[index]
    let changes = (0..<Int.random(in: 1...4, using: &random)).map { _ in change() }
    let before = model
    let expected = Outcome(Result(catching: { try model.make(changes, for: session.id) }))
    let found = Outcome(await Result(awaiting: { try await session.transaction(changes) }))
    if found.code == .outcomeUnknown {
      // A machine that stood still for a second has lost the connection: only the tree tells whether it was made.
      if try await isAs(before, at: changes.map(\.path), in: session) { model = before }
    } else {
      #expect(found == expected, "\(changes)")
      outcomes.insert(expected.code)
    }
    for change in changes { try await compare(change.path, in: session) }
  }

  /// Compares every node there is, as each session sees it.
  mutating func compareAll() async throws {
    for session in sessions {
      try await session.synchronize()
      #expect(try await session.children(of: .root) == model.children(of: .root))
      for path in model.entries.keys { try await compare(path, in: session) }
    }
    let inOrder = places.sorted { $0.key < $1.key }.map(\.value)
    #expect(inOrder == inOrder.sorted() && Set(inOrder).count == inOrder.count)
  }

  private func isAs(
    _ model: ReferenceTree, at paths: [NodePath], in session: any CoordinationSession
  ) async throws -> Bool {
    for path in paths {
      let (node, entry) = (try await session.read(path), model.entries[path])
      guard node?.data == entry?.data, node?.version == entry?.version else { return false }
    }
    return true
  }

  private mutating func replaceSession(_ index: Int) async throws {
    await sessions[index].close()
    model.end(sessions[index].id)
    sessions[index] = index == 0 ? try await store.session() : try await store.distantSession()
    for session in sessions { try await session.synchronize() }
  }

  private mutating func compare(_ path: NodePath, in session: any CoordinationSession) async throws {
    let (node, entry) = (try await session.read(path), model.entries[path])
    #expect((node == nil) == (entry == nil), "\(path)")
    let list = try await session.children(of: path)
    #expect(list == entry.map { _ in model.children(of: path) }, "\(path)")
    guard let node, let entry else { return }
    let expected = Node(
      data: entry.data, version: entry.version, created: place(entry.created, node.created),
      modified: place(entry.modified, node.modified), owner: entry.owner,
      childCount: model.children(of: path).count)
    #expect(node == expected, "\(path)")
  }

  /// The store's number for one of the model's transactions, learnt when it is first met.
  private mutating func place(_ transaction: Int, _ found: Int64) -> Int64 {
    if places[transaction] == nil { places[transaction] = found }
    return places[transaction] ?? found
  }

  private mutating func change() -> Change {
    let path = path()
    let data = bytes("\(UInt16.random(in: 0...UInt16.max, using: &random))")
    let current = model.entries[path]?.version
    let version = [nil, current, current, Int.random(in: 0...2, using: &random)].randomElement(using: &random) ?? nil
    switch Int.random(in: 0..<10, using: &random) {
    case 0..<4: return .create(path, data, Bool.random(using: &random) ? .session : .persistent)
    case 4..<6: return .write(path, data, expecting: version)
    case 6..<9: return .delete(path, expecting: version)
    default: return .check(path, expecting: version)
    }
  }

  private mutating func path() -> NodePath {
    (0...Int.random(in: 0...2, using: &random)).reduce(.root) { path, _ in
      path / (["a", "B", "c.1"].randomElement(using: &random) ?? "a")
    }
  }
}

/// How a transaction ended.
private struct Outcome: Equatable {
  /// `nil` when it was made.
  var code: CoordinationError.Code?
  var index: Int?

  init(_ result: Result<Void, any Error>) {
    guard case .failure(let error) = result else { return }
    guard let error = error as? CoordinationError else {
      Issue.record(error)
      return
    }
    (code, index) = (error.code, error.changeIndex)
  }
}

extension Result where Failure == any Error {
  fileprivate init(awaiting body: () async throws -> Success) async {
    do {
      self = .success(try await body())
    } catch {
      self = .failure(error)
    }
  }
}
