import Coordination
import Measurement
import ZooKeeperCoordination

/// On a cluster: a transaction by one session wakes another, whose transaction wakes a third, which starts a process. With one
/// hop the second of them starts it.
final class ChainRoad: BareRoad {
  /// Arrivals use the lanes in turn, as one lane carries one of them at a time.
  private struct Lane: Sendable {
    let first: BareWatch
    let second: BareWatch
    let firstNode: NodePath
    let secondNode: NodePath
    let mark: NodePath
  }

  private let sessions: [any CoordinationSession]
  private let lanes: [Lane]
  private let command: [String]

  /// - Throws: ``MeasurementError`` when the store is none with watches of its own.
  init(store: any CoordinationStore, root: NodePath, lanes count: Int, command: [String]) async throws {
    sessions = [try await store.openSession(), try await store.openSession(), try await store.openSession()]
    self.command = command
    try await sessions[0].createAll(root)
    var lanes: [Lane] = []
    for number in 0..<count {
      let (first, second) = (root / "first-\(number)", root / "second-\(number)")
      for node in [first, second] { try await sessions[0].create(node) }
      guard let firstWatch = BareWatch(sessions[1], first), let secondWatch = BareWatch(sessions[2], second) else {
        throw MeasurementError("the store has no bare watches")
      }
      lanes.append(
        Lane(
          first: firstWatch, second: secondWatch, firstNode: first, secondNode: second, mark: root / "mark-\(number)"))
    }
    self.lanes = lanes
    for lane in lanes { await arm(lane) }
  }

  func go(_ number: Int, hops: Int) async throws {
    let lane = lanes[number % lanes.count]
    if hops == 1 { return try await go(number, lane) }
    async let posted: Void = sessions[0].transaction([
      .write(lane.firstNode, BareTransaction.data, expecting: nil),
      .create(lane.mark, BareTransaction.data, .session), .check(.root, expecting: nil),
    ])
    await lane.first.wait()
    async let handed: Void = sessions[1].transaction([
      .write(lane.secondNode, BareTransaction.data, expecting: nil), .delete(lane.mark, expecting: nil),
      .check(.root, expecting: nil),
    ])
    await lane.second.wait()
    try await BareProcess.blocking { [command] in try BareProcess.run(command + [String(number)]) }
    try await posted
    try await handed
    await arm(lane)
  }

  private func go(_ number: Int, _ lane: Lane) async throws {
    async let posted: Void = sessions[0].transaction([
      .write(lane.firstNode, BareTransaction.data, expecting: nil), .check(.root, expecting: nil),
      .check(lane.secondNode, expecting: nil),
    ])
    await lane.first.wait()
    try await BareProcess.blocking { [command] in try BareProcess.run(command + [String(number)]) }
    try await posted
    await lane.first.arm()
  }

  private func arm(_ lane: Lane) async {
    await lane.first.arm()
    await lane.second.arm()
  }

  func close() async throws {
    for session in sessions { await session.close() }
  }
}
