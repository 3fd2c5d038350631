import Foundation
import FoundationNetworking
import Model

/// The HTTP API of a frontend, as its clients see it.
package struct ServerClient: Sendable {
  package let server: ServerAddress
  let backoff: Backoff
  /// How long a server may take to answer a first, trivial request, in seconds.
  private let connectPatience: Int
  private let transport = Transport()

  /// The largest answer that is read as a whole, in bytes.
  static let mostBytes = 64 << 20

  package init(_ server: ServerAddress, backoff: Backoff = .patient, connectPatience: Int = 5) {
    self.server = server
    self.backoff = backoff
    self.connectPatience = connectPatience
  }

  /// Ends what is under way. The client must not be used afterwards.
  package func close() { transport.close() }

  /// Sends a request and reads the whole answer. Every request of the API may be repeated, so one whose connection was lost
  /// is sent again; a server that is not there to begin with is reported at once.
  ///
  /// - Parameters:
  ///   - insist: whether to try again also while nobody answers.
  ///   - notice: called with the first failure of a row.
  /// - Throws: ``CommandFailure``, `CancellationError`.
  func send(
    _ request: ServerRequest, insist: Bool = false, notice: (CommandFailure) async throws -> Void = { _ in }
  ) async throws -> [UInt8] {
    var perseverance = Perseverance(backoff)
    while true {
      do {
        if !insist { try await findServer() }
        return try await sendOnce(request)
      } catch let failure as CommandFailure where insist || failure.code == .interrupted {
        if try await perseverance.wait(after: failure) { try await notice(failure) }
      }
    }
  }

  /// - Throws: ``CommandFailure``, also with `notUnderstood` when the answer has another form.
  func get<Value: Decodable>(_ request: ServerRequest, as type: Value.Type = Value.self) async throws -> Value {
    try decode(type, from: try await send(request))
  }

  func decode<Value: Decodable>(_ type: Value.Type, from body: [UInt8]) throws(CommandFailure) -> Value {
    do {
      return try JSONBytes.decode(type, from: body)
    } catch {
      throw notOurs("its answer does not have the form of the API")
    }
  }

  /// Starts to read an answer.
  ///
  /// - Returns: its status, 200 or 206, and its body.
  /// - Throws: ``CommandFailure``, `CancellationError`.
  func open(_ request: ServerRequest) async throws -> (status: Int, body: Transport.Body) {
    let (head, body): (HTTPURLResponse, Transport.Body)
    do {
      (head, body) = try await transport.send(try request.urlRequest(to: server))
    } catch let error as URLError {
      throw lost(error)
    }
    guard (200..<300).contains(head.statusCode) else { throw try await refusal(head, body) }
    return (head.statusCode, body)
  }

  /// - Throws: ``CommandFailure`` with `unreachable` when nobody answers HTTP at the address within
  ///   `connectPatience`. `URLSession` has no time limit for connecting alone, so that of a whole request that is answered
  ///   at once stands in for it.
  func findServer() async throws { _ = try await probe() }

  /// How far the server's clock is ahead of this host's; `nil` when it does not tell.
  ///
  /// - Throws: as ``findServer()``.
  func clockDifference() async throws -> Duration? {
    let date = try await probe()?.value(forHTTPHeaderField: "Date")
    return date.flatMap { Self.difference(ofDate: $0, at: .now) }
  }

  /// How far a date, as HTTP writes it, is ahead of a time.
  static func difference(ofDate text: String, at time: Timestamp) -> Duration? {
    let form = DateFormatter()
    form.locale = Locale(identifier: "en_US_POSIX")
    form.timeZone = .gmt
    form.dateFormat = "EEE, dd MMM yyyy HH:mm:ss zzz"
    guard let date = form.date(from: text) else { return nil }
    return .milliseconds(Int64(date.timeIntervalSince1970 * 1_000) - time.milliseconds)
  }

  private func probe() async throws -> HTTPURLResponse? {
    guard let url = URL(string: "\(server)/healthz") else { return nil }
    var probe = URLRequest(url: url)
    probe.timeoutInterval = Double(connectPatience)
    do {
      return try await transport.send(probe).0
    } catch let error as URLError {
      try Task.checkCancellation()
      throw unreachable(error)
    }
  }

  /// The failure that a stream's error stands for.
  func lost(_ error: any Error) -> any Error {
    switch error {
    case let error as URLError where error.code == .cancelled: CancellationError()
    case let error as URLError where Self.neverConnected.contains(error.code): unreachable(error)
    case let error as URLError:
      CommandFailure(
        .interrupted, "the connection to \(server) was lost: \(Self.reason(error))",
        remedy: "try again; it is not known whether the server did what it was asked")
    default: error
    }
  }

  private func sendOnce(_ request: ServerRequest) async throws -> [UInt8] {
    let (_, body) = try await open(request)
    return try await whole(body)
  }

  private func whole(_ body: Transport.Body) async throws -> [UInt8] {
    var bytes: [UInt8] = []
    do {
      for try await part in body {
        bytes += part
        guard bytes.count <= Self.mostBytes else { throw notOurs("its answer is larger than any of the API") }
      }
    } catch {
      throw lost(error)
    }
    try Task.checkCancellation()
    return bytes
  }

  private func refusal(_ head: HTTPURLResponse, _ body: Transport.Body) async throws -> CommandFailure {
    let code: CommandFailure.Code = [502, 503, 504].contains(head.statusCode) ? .unavailable : .refused
    guard let view = try? JSONBytes.decode(ErrorView.self, from: try await whole(body)) else {
      guard code == .refused else {
        return CommandFailure(
          code, "\(server) answers with status \(head.statusCode)", remedy: "try again in a moment")
      }
      return notOurs("it answers with status \(head.statusCode)")
    }
    let all = view.diagnostics.map { $0.map(\.text).joined(separator: "\n") }
    return CommandFailure(code, all ?? view.message, remedy: all == nil ? view.remedy : "")
  }

  private func notOurs(_ what: String) -> CommandFailure {
    CommandFailure(
      .notUnderstood, "\(server) does not answer like a DistCI server: \(what)",
      remedy: "see that --server or DISTCI_SERVER names a frontend of this version")
  }

  private func unreachable(_ error: URLError) -> CommandFailure {
    CommandFailure(
      .unreachable, "no server answers at \(server): \(Self.reason(error))",
      remedy: "start one with 'distci standalone', or name it with --server URL or DISTCI_SERVER")
  }

  private static let neverConnected: Set<URLError.Code> = [
    .cannotConnectToHost, .cannotFindHost, .dnsLookupFailed, .notConnectedToInternet, .secureConnectionFailed,
    .serverCertificateUntrusted, .serverCertificateHasBadDate, .serverCertificateHasUnknownRoot,
  ]

  private static func reason(_ error: URLError) -> String {
    switch error.code {
    case .cannotConnectToHost: "the connection is refused"
    case .cannotFindHost, .dnsLookupFailed: "the host's name is not known"
    case .timedOut: "it is silent"
    case .secureConnectionFailed, .serverCertificateUntrusted, .serverCertificateHasBadDate,
      .serverCertificateHasUnknownRoot:
      "no secure connection can be made"
    default: error.localizedDescription
    }
  }
}
