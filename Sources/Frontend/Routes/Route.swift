import Hummingbird

/// One thing that the frontend can be asked.
struct Route: Sendable {
  /// Who may ask, once there are roles.
  enum Access: Sendable, CaseIterable {
    /// Shows something.
    case read
    /// Changes a job, or starts or ends builds.
    case write
    /// Carries its own proof, a signature.
    case signed
    /// Says nothing about jobs or builds.
    case open
  }

  var method: HTTPRequest.Method
  /// With `{names}` for components that differ, and `**` for all the rest.
  var path: String
  var access: Access
  var respond: @Sendable (Call) async throws -> Response

  init(
    _ method: HTTPRequest.Method, _ path: String, _ access: Access,
    _ respond: @escaping @Sendable (Call) async throws -> Response
  ) {
    self.method = method
    self.path = path
    self.access = access
    self.respond = respond
  }
}
