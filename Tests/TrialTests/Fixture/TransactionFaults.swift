import Measurement
import Synchronization
import TestProxy

/// Chooses the transactions that are lost, so that each kind of them is lost in both ways, and the common ones
/// again and again.
final class TransactionFaults: Sendable {
  private struct State {
    var random: SeededGenerator
    var seen: [String: Int] = [:]
    var lost: [String: Set<ServerProxy.Fault>] = [:]
    var injected = 0
    var isOver = false
  }

  private let state: Mutex<State>
  private let total: Int

  init(_ total: Int, seed: UInt64) {
    self.total = total
    state = Mutex(State(random: SeededGenerator(seed: seed)))
  }

  var injected: Int { state.withLock { $0.injected } }
  var isEnough: Bool { injected >= total }

  /// No more from now on.
  func stop() { state.withLock { $0.isOver = true } }

  /// The kinds of transaction, and in how many ways each was lost.
  var kinds: [String: Int] {
    state.withLock { state in state.seen.mapValues { _ in 0 } + state.lost.mapValues(\.count) }
  }

  func next(_ request: MultiRequest) -> ServerProxy.Fault {
    guard !request.changesNothing else { return .none }
    let kind = Self.kind(of: request)
    return state.withLock { state in
      // What comes later, as when all processes end, had no chance to be lost.
      guard !state.isOver else { return .none }
      state.seen[kind, default: 0] += 1
      let fault = choice(state.lost[kind] ?? [], isEnough: state.injected >= total, &state.random)
      guard fault != .none else { return .none }
      state.injected += 1
      state.lost[kind, default: []].insert(fault)
      return fault
    }
  }

  private func choice(
    _ lost: Set<ServerProxy.Fault>, isEnough: Bool, _ random: inout SeededGenerator
  ) -> ServerProxy.Fault {
    let missing = [ServerProxy.Fault.loseResponse, .loseRequest].filter { !lost.contains($0) }
    if let first = missing.first { return first }
    // More are lost than not, and yet each gets through in the end.
    guard !isEnough else { return .none }
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
