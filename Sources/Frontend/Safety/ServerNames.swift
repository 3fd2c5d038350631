/// What the server may be called in a request.
struct ServerNames {
  private let isLoopback: Bool
  private let names: Set<Authority>

  init(_ configuration: FrontendConfiguration) {
    isLoopback = configuration.isLoopback
    names = Set(configuration.publicNames.compactMap { Authority($0)?.withoutUsualPort })
  }

  /// No name server answers for `localhost` or for an address in numbers, so no page elsewhere can be made to be there.
  func contains(_ host: Authority) -> Bool {
    host.isThisMachine || names.contains(host.withoutUsualPort) || (!isLoopback && IPLiteral(host.host) != nil)
  }
}
