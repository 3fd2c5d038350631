import Coordination

/// Works as hard as it can on nodes that others work on, too, and tells what was acknowledged.
struct Hammer {
  let session: any CoordinationSession
  /// How many counters there are: `/counters/0` and so on.
  let counters: Int
  /// How many claims there are to win: `/claims/0` and so on.
  let claims: Int

  /// Answers `counter:version …` for each increment, a bar, and the claims won.
  func run(increments: Int) async throws -> String {
    async let versions = withThrowingTaskGroup(of: [String].self) { group in
      for counter in 0..<counters { group.addTask { try await increment(counter, times: increments / counters) } }
      return try await group.reduce(into: []) { $0 += $1 }
    }
    async let won = claim()
    return try await "\(versions.joined(separator: " "))|\(won.joined(separator: " "))"
  }

  private func increment(_ counter: Int, times: Int) async throws -> [String] {
    let path = NodePath("/counters/\(counter)")
    var acknowledged: [String] = []
    while acknowledged.count < times {
      guard let node = try await session.read(path) else { throw CoordinationError(.noNode, path: path) }
      let value = (Int(String(decoding: node.data, as: UTF8.self)) ?? 0) + 1
      do {
        try await session.write(path, Array(String(value).utf8), expecting: node.version)
        acknowledged.append("\(counter):\(node.version + 1)")
      } catch let error as CoordinationError where error.code == .badVersion {
        continue
      }
    }
    return acknowledged
  }

  private func claim() async throws -> [String] {
    var won: [String] = []
    for claim in 0..<claims {
      do {
        try await session.create(NodePath("/claims/\(claim)"))
        won.append(String(claim))
      } catch let error as CoordinationError where error.code == .nodeExists {
        continue
      }
    }
    return won
  }
}
