import ObjectStorage

/// How fast a store is, as seen by one caller.
struct Measurement {
  let store: any ObjectStore
  let key: ObjectKey

  func run() async throws {
    let small = try await smallObjects()
    print("put 4 KiB: p50 \(small[small.count / 2]), p99 \(small[small.count * 99 / 100])")
    let size = 64
    let clock = ContinuousClock()
    let writing = try await clock.measure { _ = try await store.putBlob(key, from: EndlessChunks(count: size)) }
    guard let blob = try await store.openBlob(key) else { return }
    var count = 0
    let reading = try await clock.measure { for try await chunk in blob.read() { count += chunk.count } }
    print("blob of \(count >> 20) MiB: write \(rate(size, writing)) MiB/s, read \(rate(size, reading)) MiB/s")
    try await store.deleteBlob(key)
  }

  private func smallObjects() async throws -> [Duration] {
    let bytes = [UInt8](repeating: 1, count: 4_096)
    var durations: [Duration] = []
    for number in 0..<500 {
      let duration = try await ContinuousClock().measure {
        try await store.put(bytes, at: key / "\(number)", .ifAbsent)
      }
      durations.append(duration)
    }
    for number in 0..<500 { try await store.delete(key / "\(number)") }
    return durations.sorted()
  }

  private func rate(_ size: Int, _ duration: Duration) -> Int {
    Int(Double(size) / (duration / .seconds(1)))
  }
}
