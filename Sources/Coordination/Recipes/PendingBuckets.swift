import Synchronization

/// Buckets that are to be looked at, each once however often it was named since the last look.
package final class PendingBuckets: Sendable {
  /// There are some. Throws what went wrong with whoever names them.
  package let signal: AsyncThrowingStream<Void, any Error>
  private let feed: AsyncThrowingStream<Void, any Error>.Continuation
  private let buckets = Mutex<Set<String>>([])

  package init() {
    (signal, feed) = AsyncThrowingStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  package func add(_ bucket: String) {
    buckets.withLock { _ = $0.insert(bucket) }
    feed.yield()
  }

  /// There will be no more.
  package func fail(_ error: any Error) { feed.finish(throwing: error) }

  package func take() -> [String] {
    buckets.withLock { buckets in
      defer { buckets = [] }
      return buckets.sorted()
    }
  }
}
