/// A request under way. Its address is the context that the library hands back; its handle keeps it alive until the
/// completion has been called, or the handle is closed and none can be called any more.
final class PendingRequest: Sendable {
  /// What the library writes to until the completion is called.
  let results: MultiResults?
  private let handle: ZooKeeperHandle
  private let answer: @Sendable (Answer) -> Void

  /// - Parameter answer: may be called more than once; the first call counts.
  init(of handle: ZooKeeperHandle, results: MultiResults? = nil, answer: @escaping @Sendable (Answer) -> Void) {
    self.handle = handle
    self.results = results
    self.answer = answer
  }

  /// The library is done with the request.
  func complete(_ code: Int32, _ reply: Reply = .nothing) {
    handle.finished(self)
    if let results {
      answer(.completed(code, .codes(results.codes)))
    } else {
      answer(.completed(code, reply))
    }
  }

  /// Answers without the library, which may still hold the request.
  func abandon(_ code: Int32) {
    answer(.completed(code, .nothing))
  }
}
