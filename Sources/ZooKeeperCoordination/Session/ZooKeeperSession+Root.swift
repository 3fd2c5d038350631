internal import Coordination

extension ZooKeeperSession {
  /// Creates the node that is the store's root, and those above it, where they are missing.
  func createRoot() async throws {
    guard try await read(.root) == nil else { return }
    var path = ""
    for component in prefix.split(separator: "/") {
      path += "/\(component)"
      try await create(path)
    }
  }

  private func create(_ path: String) async throws {
    while true {
      try await life.awaitConnection(cancellable: true)
      guard case .completed(let code, _) = await handle.create(path) else { throw CancellationError() }
      guard let error = CoordinationError(returnCode: code) else { return }
      switch error.code {
      case .nodeExists: return
      case .outcomeUnknown: continue
      default: throw error
      }
    }
  }
}
