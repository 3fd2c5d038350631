import Synchronization
import TestProxy

/// Chooses the transactions that are lost, so that each kind of them is lost in both ways, the rare ones first.
final class TransactionFaults: Sendable {
  private struct State {
    var random: SeededGenerator
    var seen: [String: Int] = [:]
    var lost: [String: Set<ServerProxy.Fault>] = [:]
    var left: Int
  }

  private let state: Mutex<State>
  private let total: Int

  init(_ total: Int, seed: UInt64) {
    self.total = total
    state = Mutex(State(random: SeededGenerator(seed: seed), left: total))
  }

  var injected: Int { total - state.withLock { $0.left } }
  var isDone: Bool { state.withLock { $0.left == 0 } }

  /// The kinds of transaction, and in how many ways each was lost.
  var kinds: [String: Int] {
    state.withLock { state in state.seen.mapValues { _ in 0 } + state.lost.mapValues(\.count) }
  }

  func next(_ request: MultiRequest) -> ServerProxy.Fault {
    let kind = Self.kind(of: request)
    return state.withLock { state in
      state.seen[kind, default: 0] += 1
      guard state.left > 0 else { return .none }
      let fault = choice(state.lost[kind] ?? [], &state.random)
      guard fault != .none else { return .none }
      state.left -= 1
      state.lost[kind, default: []].insert(fault)
      return fault
    }
  }

  private func choice(_ lost: Set<ServerProxy.Fault>, _ random: inout SeededGenerator) -> ServerProxy.Fault {
    let missing = [ServerProxy.Fault.loseResponse, .loseRequest].filter { !lost.contains($0) }
    if let first = missing.first { return first }
    // More are lost than not, and yet each gets through in the end.
    return [.loseRequest, .loseResponse, .loseResponse, .none, .none].randomElement(using: &random) ?? .none
  }

  /// Without what differs from time to time: the changes, and the first component of their paths below the root.
  private static func kind(of request: MultiRequest) -> String {
    var seen: Set<String> = []
    return request.operations.map { operation in
      let names = operation.path.split(separator: "/")
      let list = names.dropFirst().first ?? ""
      return "\(operation.verb) /\(list)" + String(repeating: "/*", count: max(0, names.count - 2))
    }.filter { seen.insert($0).inserted }.joined(separator: " + ")
  }
}

extension [String: Int] {
  fileprivate static func + (left: Self, right: Self) -> Self { left.merging(right) { Swift.max($0, $1) } }
}
