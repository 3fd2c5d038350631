import Hummingbird

/// Refuses requests that came here under a name that is not ours: a page elsewhere whose name was made to point at this
/// machine would otherwise be of the same origin as we.
struct HostCheck<Context: RequestContext>: RouterMiddleware {
  private let names: ServerNames

  init(_ configuration: FrontendConfiguration) {
    names = ServerNames(configuration)
  }

  func handle(
    _ request: Request, context: Context, next: (Request, Context) async throws -> Response
  ) async throws -> Response {
    // The library takes the first one for the authority and leaves the others among the fields.
    guard request.headers[.host] == nil, let host = request.head.authority.flatMap({ Authority($0) }) else {
      throw RequestError.invalid("the request does not name one host", remedy: "send one Host header")
    }
    guard names.contains(host) else {
      throw RequestError(
        .misdirectedRequest, "wrong-host", "this server is not known under the name of the request",
        remedy: "use localhost or the address in numbers, or start the server with its public name")
    }
    return try await next(request, context)
  }
}
