import Hummingbird

/// Every route that there is. The router is built from this list and from nothing else.
enum RouteTable {
  static let routes: [Route] =
    JobRoutes.routes + TestRoutes.routes + BuildRoutes.routes + RetryRoutes.routes + PauseRoutes.routes
    + EnvironmentRoutes.routes + LogRoutes.routes + ArtifactRoutes.routes + ClusterRoutes.routes + ScaleRoutes.routes
    + PullRequestRoutes.routes + HealthRoutes.routes + WebhookRoutes.routes + PushRoutes.routes + PageRoutes.routes

  /// Methods that are answered with "method not allowed" rather than "not found" where a path has other ones.
  private static let known: [HTTPRequest.Method] = [.get, .post, .put, .delete, .patch, .options]

  static func router(_ surroundings: Surroundings) -> Router<BasicRequestContext> {
    let router = Router(context: BasicRequestContext.self, options: .autoGenerateHeadEndpoints)
    router.add(middleware: SecurityHeaders())
    router.add(middleware: ErrorRendering(logger: surroundings.logger))
    router.add(middleware: HostCheck(surroundings.configuration))
    router.add(middleware: OriginCheck(surroundings.configuration))
    for route in routes {
      router.on(RouterPath(route.path), method: route.method) { request, context in
        try await route.respond(Call(request: request, context: context, surroundings: surroundings))
      }
    }
    refuseOtherMethods(router)
    return router
  }

  private static func refuseOtherMethods(_ router: Router<BasicRequestContext>) {
    for (path, routes) in Dictionary(grouping: routes, by: \.path) {
      let allowed = Set(routes.map(\.method))
      for method in known where !allowed.contains(method) {
        router.on(RouterPath(path), method: method) { _, _ -> Response in
          throw RequestError.methodNotAllowed(method, allowed: allowed.map(\.rawValue).sorted())
        }
      }
    }
  }
}
