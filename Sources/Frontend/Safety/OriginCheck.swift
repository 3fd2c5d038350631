import Hummingbird

/// Refuses requests that change something and that a page of another site made a browser send.
struct OriginCheck<Context: RequestContext>: RouterMiddleware {
  private let names: Set<Authority>

  init(_ configuration: FrontendConfiguration) {
    names = Set(configuration.publicNames.compactMap { Authority($0)?.withoutUsualPort })
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard isHarmless(request) || isOurs(request) else {
      throw RequestError(
        .forbidden, "wrong-origin", "a page of another site may not change anything here",
        remedy: "use the pages of this server, the command line, or a request without an Origin header")
    }
    return try await next(request, context)
  }

  private func isHarmless(_ request: Request) -> Bool { [.get, .head, .options].contains(request.method) }

  private func isOurs(_ request: Request) -> Bool {
    if let site = request.headers[.fetchSite], site != "same-origin", site != "none" { return false }
    guard let header = request.headers[.origin] else { return true }
    guard let origin = Authority(origin: header) else { return false }
    let host = request.head.authority.flatMap { Authority($0) }?.withoutUsualPort
    return origin.withoutUsualPort == host || names.contains(origin.withoutUsualPort)
  }
}
