import Hummingbird

/// Refuses requests that came here under a name that is not ours: a page elsewhere whose name was made to point at this
/// machine would otherwise be of the same origin as we.
struct HostCheck<Context: RequestContext>: RouterMiddleware {
  private let isLoopback: Bool
  private let names: Set<Authority>

  init(_ configuration: FrontendConfiguration) {
    isLoopback = configuration.isLoopback
    names = Set(configuration.publicNames.compactMap { Authority($0)?.withoutUsualPort })
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    guard let host = request.head.authority.flatMap({ Authority($0) }) else {
      throw RequestError.invalid("the request names no host", remedy: "send a Host header")
    }
    guard !isLoopback || host.isThisMachine || names.contains(host.withoutUsualPort) else {
      throw RequestError(
        .misdirectedRequest, "wrong-host", "this server is not known under the name of the request",
        remedy: "use localhost, or start the server with its public name")
    }
    return try await next(request, context)
  }
}
