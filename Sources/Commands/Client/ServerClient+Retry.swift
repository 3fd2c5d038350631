import Foundation
import Model

extension ServerClient {
  /// Does tasks of an ended build once more, in one new build however often the request has to be sent.
  func retry(_ build: BuildID, _ scope: RetryScope, by who: String) async throws -> BuildView {
    var body = ["by": who]
    switch scope {
    case .failed: body["scope"] = "failed"
    case .all: body["scope"] = "all"
    case .task(let task): body["task"] = task.rawValue
    case .from(let task): body["from"] = task.rawValue
    }
    var request = request(.post, build, "retry")
    request.body = try JSONBytes.encode(body)
    request.headers["Idempotency-Key"] = UUID().uuidString
    return try await get(request)
  }
}
