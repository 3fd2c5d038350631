import Hummingbird
import Logging
import Model
import NIOCore

extension Call {
  /// Calls `use` with the whole body, which counts against the budget until that returns.
  ///
  /// - Throws: ``RequestError`` when the body is larger than `limit`, comes too slowly or malformed, or there is no room
  ///   for it now.
  func withBody<Value>(
    upTo limit: Int, from budget: BodyBudget? = nil, _ use: ([UInt8]) async throws -> Value
  ) async throws -> Value {
    let announced = request.headers[.contentLength].flatMap { Int($0) }
    if let announced, announced > limit { throw RequestError.bodyTooLarge(limit) }
    let budget = budget ?? surroundings.budget
    let holding = budget.enter()
    defer { budget.giveBack(holding) }
    let body = try await receive(upTo: limit, within: time(for: announced ?? limit), holding, budget)
    guard budget.complete(holding) else { throw RequestError.busy }
    return try await use(body)
  }

  private func time(for bytes: Int) -> Duration {
    configuration.limits.bodyTime + .milliseconds(bytes * 1_000 / configuration.limits.bodyRate)
  }

  private func receive(
    upTo limit: Int, within time: Duration, _ holding: BodyBudget.Holding, _ budget: BodyBudget
  ) async throws -> [UInt8] {
    let (request, clock) = (request, surroundings.clock)
    return try await withThrowingTaskGroup(of: [UInt8].self) { group in
      // What is thrown first is the answer; reading then fails as well, for it is cancelled.
      defer { group.cancelAll() }
      group.addTask { try await read(request.body, upTo: limit, holding, budget) }
      group.addTask {
        try await clock.sleep(for: time)
        throw RequestError.tooSlow
      }
      group.addTask {
        for await _ in holding.dropped {}
        try Task.checkCancellation()
        throw RequestError.busy
      }
      return try await group.next() ?? []
    }
  }

  private func read(
    _ parts: RequestBody, upTo limit: Int, _ holding: BodyBudget.Holding, _ budget: BodyBudget
  ) async throws -> [UInt8] {
    var body: [UInt8] = []
    var iterator = parts.makeAsyncIterator()
    while let part = try await next(&iterator) {
      guard body.count + part.readableBytes <= limit else { throw RequestError.bodyTooLarge(limit) }
      guard budget.take(part.readableBytes, for: holding) else { throw RequestError.busy }
      body.append(contentsOf: part.readableBytesView)
    }
    return body
  }

  /// The next part of the body. Whatever goes wrong here is the client's doing, or the network's.
  private func next(_ iterator: inout RequestBody.AsyncIterator) async throws -> ByteBuffer? {
    do {
      return try await iterator.next()
    } catch is CancellationError {
      throw CancellationError()
    } catch {
      logger.debug("The body of a request could not be read", metadata: ["error": "\(error)"])
      throw RequestError.malformedBody
    }
  }
}

extension Call {
  /// The body as JSON; `nil` where it is empty.
  ///
  /// - Parameter keys: those that the object may have: another one is a slip, which would otherwise go unnoticed.
  /// - Throws: ``RequestError`` when it is something else.
  func json<Value: Decodable>(_ type: Value.Type, keys: [String]) async throws -> Value? {
    try await withBody(upTo: configuration.limits.body) { body in
      guard !body.isEmpty else { return nil }
      do {
        // Stricter than `Codable` alone: depth, duplicate keys and encoding are checked first.
        let node = try JSONReader.read(body, limits: .init(bytes: configuration.limits.body, depth: 32))
        try refuseUnknownKeys(node, known: keys)
        return try JSONBytes.decode(type, from: body)
      } catch let error as JSONSyntaxError {
        throw RequestError.invalid("the body is not JSON: \(error.message) (\(error.position))", remedy: error.remedy)
      } catch is DecodingError {
        throw RequestError.invalid(
          "the body does not have the form that this route takes", remedy: "see the API's description of the route")
      }
    }
  }

  private func refuseUnknownKeys(_ node: JSONNode, known: [String]) throws {
    guard case .object(let members) = node.content else { return }
    guard let unknown = members.first(where: { !known.contains($0.key) })?.key else { return }
    throw RequestError.unknownKey(unknown, nearest: Suggestion.nearest(to: unknown, among: known), known: known)
  }
}
