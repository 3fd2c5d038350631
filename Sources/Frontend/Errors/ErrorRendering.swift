import Foundation
import Hummingbird
import Logging

/// Answers for whatever went wrong below it.
struct ErrorRendering<Context: RequestContext>: RouterMiddleware {
  let logger: Logger

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    do {
      return try await next(request, context)
    } catch {
      return try answer(error).response
    }
  }

  private func answer(_ error: any Error) -> ErrorAnswer {
    let known = ErrorAnswer(error)
    if let known, known.status != .internalServerError { return known }
    let id = UUID()
    logger.error(
      "A request failed in a way that it should not", metadata: ["id": "\(id.uuidString)", "error": "\(error)"])
    return known ?? .unexpected(id)
  }
}

extension ErrorAnswer {
  var response: Response {
    get throws {
      var response = try Reply.json(view, status)
      for field in headers { response.headers[field.name] = field.value }
      return response
    }
  }
}
