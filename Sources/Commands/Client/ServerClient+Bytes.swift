import Model

extension ServerClient {
  /// Reads a long body piece by piece, from a byte on, and goes on after a lost connection where it was: every byte comes
  /// once and in order.
  ///
  /// - Parameters:
  ///   - size: how many bytes there are in all, where that is known.
  ///   - request: makes the request for what follows so many bytes.
  ///   - notice: called with the first of a row of failures.
  ///   - use: called with one piece after the other.
  /// - Returns: how many bytes the body has in all.
  /// - Throws: ``CommandFailure``, `CancellationError`; what `use` throws.
  func readBytes(
    from offset: Int = 0, size: Int? = nil, _ request: (Int) -> ServerRequest,
    notice: (CommandFailure) async throws -> Void = { _ in }, _ use: ([UInt8]) async throws -> Void
  ) async throws -> Int {
    var position = offset
    var perseverance = Perseverance(backoff)
    while position < size ?? .max {
      do {
        try await readOnce(request(position), from: position) { piece in
          try await use(piece)
          position += piece.count
          perseverance.succeeded()
        }
        return position
      } catch TransportError.overflow {
        continue
      } catch let failure as CommandFailure where failure.isPassing {
        // A server that was never there is reported at once.
        guard position > offset || failure.code != .unreachable || perseverance.isUnderWay else { throw failure }
        if try await perseverance.wait(after: failure) { try await notice(failure) }
      }
    }
    return position
  }

  private func readOnce(
    _ request: ServerRequest, from position: Int, _ use: ([UInt8]) async throws -> Void
  ) async throws {
    let (status, body) = try await open(request)
    // A server that does not know ranges sends everything again.
    var excess = request.headers["Range"] != nil && status == 200 ? position : 0
    do {
      for try await piece in body {
        let skipped = min(excess, piece.count)
        excess -= skipped
        if skipped < piece.count { try await use(Array(piece.dropFirst(skipped))) }
      }
    } catch {
      throw lost(error)
    }
    try Task.checkCancellation()
  }
}
