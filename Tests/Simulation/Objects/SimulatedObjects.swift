package import ObjectStorage

/// What an object store holds, in memory. It has no sessions: whoever was presumed dead may write to it still.
package final class SimulatedObjects: @unchecked Sendable {
  private let world: World
  package var network: Network
  private var objects: [ObjectKey: [UInt8]] = [:]
  private var indexes: [ObjectKey: [String: [UInt8]]] = [:]
  /// Told of every value that an index was given.
  package var updated: ((ObjectKey, IndexChange) -> Void)?

  package init(_ world: World, network: Network) {
    self.world = world
    self.network = network
  }

  package func store(for process: SimulatedProcess) -> any ObjectStore {
    SimulatedObjectStore(objects: self, process: process)
  }

  package func entries(of index: ObjectKey) -> [IndexEntry] {
    (indexes[index] ?? [:]).sorted { $0.key < $1.key }.map { IndexEntry(key: $0.key, value: $0.value) }
  }

  package func object(_ key: ObjectKey) -> [UInt8]? { objects[key] }

  /// In microseconds: less than what it must have been quiet at the end of a run.
  private static let longestDelay = 4_000_000

  /// Does something at the store, some time from now, for a process that waits for it.
  fileprivate func perform<Value: Sendable>(
    for process: SimulatedProcess, _ body: @escaping (SimulatedObjects) throws -> Value
  ) async throws -> Value {
    let reply = Reply<Value>()
    let (there, back) = (world.random.pick(network.objectLatency), world.random.pick(network.objectLatency))
    let fails = network.objectFailurePermille > 0 && world.random.chance(network.objectFailurePermille)
    let isDone = !fails || world.random.chance(500)
    // What the client has given up may still be under way.
    if fails, isDone, world.random.chance(500) {
      world.schedule(after: there + world.random.pick(0...Self.longestDelay)) { [unowned self] in _ = try? body(self) }
      world.schedule(after: there) { [unowned self] in
        world.deliver(to: process, after: back) {
          reply.give(.failure(ObjectStoreError(.unavailable, message: "no answer in time")))
        }
      }
      return try await reply.value()
    }
    world.schedule(after: there) { [unowned self] in
      var result = isDone ? Result { try body(self) } : nil
      if fails || result == nil { result = .failure(ObjectStoreError(.unavailable, message: "no answer in time")) }
      world.deliver(to: process, after: back) { if let result { reply.give(result) } }
    }
    return try await reply.value()
  }

  fileprivate func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) throws {
    guard condition == .always || objects[key] == nil else { throw ObjectStoreError(.alreadyExists, key: key) }
    objects[key] = bytes
  }

  fileprivate func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) {
    var object = objects[key] ?? []
    if object.count < offset + bytes.count {
      object += [UInt8](repeating: 0, count: offset + bytes.count - object.count)
    }
    object.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    objects[key] = object
  }

  fileprivate func delete(_ key: ObjectKey) { objects[key] = nil }

  fileprivate func value(in index: ObjectKey, at key: String) -> [UInt8]? { indexes[index]?[key] }

  fileprivate func update(_ index: ObjectKey, _ changes: [IndexChange]) throws {
    for change in changes {
      let present = indexes[index]?[change.key]
      let holds =
        switch change.expecting {
        case .anything: true
        case .absent: present == nil
        case .value(let value): present == value
        }
      guard holds else { throw ObjectStoreError(.conditionFailed, key: index) }
    }
    for change in changes {
      indexes[index, default: [:]][change.key] = change.value
      updated?(index, change)
    }
  }
}

/// The object store as one process has it.
private struct SimulatedObjectStore: ObjectStore {
  let objects: SimulatedObjects
  let process: SimulatedProcess

  func put(_ bytes: [UInt8], at key: ObjectKey, _ condition: PutCondition) async throws {
    try ObjectLimits.check(end: bytes.count, of: key)
    try await objects.perform(for: process) { try $0.put(bytes, at: key, condition) }
  }

  func write(_ bytes: [UInt8], at key: ObjectKey, offset: Int) async throws {
    try ObjectLimits.check(end: offset + bytes.count, of: key)
    try await objects.perform(for: process) { $0.write(bytes, at: key, offset: offset) }
  }

  func read(_ key: ObjectKey, _ range: Range<Int>) async throws -> [UInt8]? {
    try await objects.perform(for: process) { objects in
      objects.object(key).map { Array($0[range.clamped(to: 0..<$0.count)]) }
    }
  }

  func stat(_ key: ObjectKey) async throws -> ObjectInfo? {
    try await objects.perform(for: process) { $0.object(key).map { ObjectInfo(size: $0.count) } }
  }

  func delete(_ key: ObjectKey) async throws {
    try await objects.perform(for: process) { $0.delete(key) }
  }

  func value(in index: ObjectKey, at key: String) async throws -> [UInt8]? {
    try await objects.perform(for: process) { $0.value(in: index, at: key) }
  }

  func entries(in index: ObjectKey, after: String, limit: Int) async throws -> [IndexEntry] {
    try await objects.perform(for: process) { Array($0.entries(of: index).filter { $0.key > after }.prefix(limit)) }
  }

  func update(_ index: ObjectKey, _ changes: [IndexChange]) async throws {
    try ObjectLimits.check(changes, of: index)
    try await objects.perform(for: process) { try $0.update(index, changes) }
  }

  func close() async {}
}
