import Foundation
import Hummingbird
import Logging
import Model
import NIOCore
import SharedRepository

/// A request that has found its route.
struct Call: Sendable {
  let request: Request
  let surroundings: Surroundings
  let logger: Logger
  private let parameters: Parameters

  init(request: Request, context: BasicRequestContext, surroundings: Surroundings) {
    self.request = request
    self.surroundings = surroundings
    logger = context.logger
    parameters = context.parameters
  }

  var configuration: FrontendConfiguration { surroundings.configuration }

  /// - Throws: ``RepositoryError`` with `unavailable` while there is no session.
  func repository() throws -> SharedRepository { try surroundings.connection.current() }

  func job() throws -> JobName { try JobName(parameter("job")) }

  func build() throws -> BuildID { try BuildID(parsing: parameter("job") + "/" + parameter("build")) }

  func task() throws -> TaskName { try TaskName(parameter("task")) }

  /// What `**` stands for, decoded once.
  func rest() throws -> String { try decoded(parameters[Parameters.recursiveCaptureKey].map(String.init)) }

  /// A component of the path, by its name in the route.
  func parameter(_ name: String) throws -> String { try decoded(parameters.get(name)) }

  private func decoded(_ text: String?) throws -> String {
    guard let text = text?.removingPercentEncoding else {
      throw RequestError.invalid("the path is not percent-encoded UTF-8", remedy: "encode each of its components")
    }
    return text
  }
}

extension Call {
  /// The value of a query parameter; `nil` where there is none.
  func query(_ name: String) -> String? { request.uri.queryParameters.get(name) }

  /// - Throws: ``RequestError`` when the value is not a whole number of that range.
  func number(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text = query(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw RequestError.invalid(
        "'\(name)' is not a number from \(range.lowerBound) to \(range.upperBound)",
        remedy: "correct it, or leave it out")
    }
    return number
  }

  /// Who asks.
  ///
  /// - Parameter name: as the body gives it; an empty one is none.
  func user(_ name: String?) -> String {
    let who = [name, request.headers[.user]].compactMap(\.self).first { !$0.isEmpty } ?? "anonymous"
    return String(who.filter { !$0.isNewline }).bounded(to: Pause.longestName)
  }

  /// How many entries of a list to give.
  func limit() throws -> Int { try number("limit", in: 1...1_000) ?? 100 }

  /// Whether a parameter without a value, or with `true` or `1`, stands in the query.
  func flag(_ name: String) -> Bool { query(name).map { ["", "true", "1"].contains($0) } ?? false }
}
