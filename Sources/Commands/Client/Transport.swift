import Foundation
import FoundationNetworking
import Synchronization

/// Requests through `URLSession`, whose bodies arrive as streams of bounded memory.
///
/// `URLSession` on Linux cannot slow a server down: what a slow reader has not taken piles up. So a body that is more than
/// ``mostBuffered`` ahead of its reader is cut off, the reader gets what has arrived and then
/// ``TransportError/overflow``, and asks again from there.
final class Transport: NSObject, URLSessionDataDelegate, Sendable {
  typealias Body = AsyncThrowingStream<[UInt8], any Error>

  /// In pieces of ``pieceSize`` at most.
  static let mostBuffered = 256
  /// In bytes.
  private static let pieceSize = 16 * 1024

  /// A request that has not ended.
  private struct Exchange {
    /// Until the answer's head has arrived.
    var head: CheckedContinuation<HTTPURLResponse, any Error>?
    var body: Body.Continuation
  }

  private let exchanges = Mutex<[Int: Exchange]>([:])
  private let session = Mutex<URLSession?>(nil)

  /// - Returns: the head of the answer, and its body, which ends with an error when the connection is lost. Dropping the
  ///   body ends the request.
  /// - Throws: `URLError`, `CancellationError`.
  func send(_ request: URLRequest) async throws -> (HTTPURLResponse, Body) {
    let task = opened.dataTask(with: request)
    let (body, continuation) = Body.makeStream(bufferingPolicy: .bufferingOldest(Self.mostBuffered))
    continuation.onTermination = { _ in task.cancel() }
    let head = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { head in
        exchanges.withLock { $0[task.taskIdentifier] = Exchange(head: head, body: continuation) }
        task.resume()
      }
    } onCancel: {
      task.cancel()
    }
    return (head, body)
  }

  /// Ends every request; a session holds its delegate until then.
  func close() {
    session.withLock { $0.take() }?.invalidateAndCancel()
  }

  private var opened: URLSession {
    session.withLock { session in
      if let session { return session }
      let configuration = URLSessionConfiguration.ephemeral
      configuration.urlCache = nil
      configuration.httpCookieStorage = nil
      configuration.requestCachePolicy = .reloadIgnoringLocalCacheData
      let opened = URLSession(configuration: configuration, delegate: self, delegateQueue: nil)
      session = opened
      return opened
    }
  }

  func urlSession(
    _ session: URLSession, dataTask: URLSessionDataTask, didReceive response: URLResponse,
    completionHandler: @escaping (URLSession.ResponseDisposition) -> Void
  ) {
    let head = exchanges.withLock { $0[dataTask.taskIdentifier]?.head.take() }
    guard let response = response as? HTTPURLResponse else {
      head?.resume(throwing: URLError(.badServerResponse))
      return completionHandler(.cancel)
    }
    head?.resume(returning: response)
    completionHandler(.allow)
  }

  func urlSession(_ session: URLSession, dataTask: URLSessionDataTask, didReceive data: Data) {
    guard let body = exchanges.withLock({ $0[dataTask.taskIdentifier]?.body }) else { return }
    var rest = data
    // On a busy machine much arrives at once.
    while !rest.isEmpty {
      let piece = Array(rest.prefix(Self.pieceSize))
      rest = rest.dropFirst(piece.count)
      if case .dropped = body.yield(piece) {
        body.finish(throwing: TransportError.overflow)
        return dataTask.cancel()
      }
    }
  }

  func urlSession(_ session: URLSession, task: URLSessionTask, didCompleteWithError error: (any Error)?) {
    guard let exchange = exchanges.withLock({ $0.removeValue(forKey: task.taskIdentifier) }) else { return }
    exchange.head?.resume(throwing: error ?? URLError(.badServerResponse))
    exchange.body.finish(throwing: error)
  }
}

enum TransportError: Error {
  /// More arrived than the reader took; what it has is good, and the rest has to be asked for again.
  case overflow
}
