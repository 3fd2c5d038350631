import ObjectStorage

/// Counts in an entry of an index by compare-and-set.
struct Counter: Sendable {
  let store: any ObjectStore
  let index: ObjectKey

  func value() async throws -> Int {
    let bytes = try await store.value(in: index, at: "counter")
    return bytes.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
  }

  func increment(times: Int) async throws {
    for _ in 0..<times { while try await !increment() {} }
  }

  private func increment() async throws -> Bool {
    let old = try await store.value(in: index, at: "counter")
    let number = old.flatMap { Int(String(decoding: $0, as: UTF8.self)) } ?? 0
    do {
      let change = IndexChange(
        key: "counter", value: Array("\(number + 1)".utf8), expecting: old.map { .value($0) } ?? .absent)
      try await store.update(index, [change])
      return true
    } catch let error as ObjectStoreError where error.code == .conditionFailed {
      return false
    }
  }
}
