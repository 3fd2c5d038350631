import Coordination
import Foundation
import Hummingbird
import Model
import ObjectStorage
import SharedRepository

/// How every error looks to a client: the one place that decides statuses.
struct ErrorAnswer {
  var status: HTTPResponse.Status
  var view: ErrorView
  var headers: HTTPFields = [:]

  /// - Returns: `nil` for an error that nobody expects, and whose text must not leave the server.
  init?(_ error: any Error) {
    switch error {
    case let error as RequestError: self.init(error.status, error.view, error.headers)
    case let error as InvalidJobFile: self.init(error)
    case let error as RepositoryError: self.init(error)
    case let error as ValidationError:
      self.init(.badRequest, ErrorView(code: "invalid", message: error.message, remedy: error.remedy))
    case let error as CoordinationError: self.init(error)
    case let error as ObjectStoreError: self.init(error)
    case is DeadlineExceeded, is CancellationError: self = .unavailable("the stores did not answer in time")
    case let error as any HTTPResponseError: self.init(error.status)
    default: return nil
    }
  }

  /// For what is damaged or was never thought of; the log says more under the same name.
  static func unexpected(_ id: UUID) -> ErrorAnswer {
    ErrorAnswer(
      .internalServerError,
      ErrorView(
        code: "internal", message: "something went wrong here; the log knows it as \(id.uuidString)",
        remedy: "tell whoever runs this server, with that name"))
  }

  private init(_ status: HTTPResponse.Status, _ view: ErrorView, _ headers: HTTPFields = [:]) {
    self.status = status
    self.view = view
    self.headers = headers
  }

  private init(_ error: InvalidJobFile) {
    let first = error.diagnostics.first
    let count = error.diagnostics.count
    self.init(
      .unprocessableContent,
      ErrorView(
        code: "invalid-job",
        message: "the job file has \(count == 1 ? "a problem" : "\(count) problems"): "
          + (first.map { "\($0.line):\($0.column): \($0.message)" } ?? ""),
        remedy: first?.remedy ?? "", diagnostics: error.diagnostics.map(DiagnosticView.init)))
  }

  private init(_ error: RepositoryError) {
    let view = ErrorView(code: error.code.rawValue, message: error.message, remedy: error.remedy)
    switch error.code {
    case .notFound: self.init(.notFound, view)
    case .expired: self.init(.gone, view)
    case .invalid: self.init(.unprocessableContent, view)
    case .conflict: self.init(.conflict, view)
    case .unavailable: self.init(.serviceUnavailable, view, Self.soon)
    case .noSpace: self.init(Self.insufficientStorage, view)
    case .damaged: self.init(.internalServerError, view)
    }
  }

  private init?(_ error: CoordinationError) {
    switch error.code {
    case .sessionEnded, .unavailable: self = .unavailable("the coordination store cannot be reached now")
    case .outcomeUnknown:
      self = .unavailable(
        "the connection to the coordination store was lost, and it is not known whether this was done",
        remedy: "look whether it was done; with an Idempotency-Key it is safe to try again")
    case .noSpace: self = .full("the coordination store has no room left")
    default: return nil
    }
  }

  private init?(_ error: ObjectStoreError) {
    switch error.code {
    case .unavailable: self = .unavailable("the object store cannot be reached now")
    case .noSpace: self = .full("the object store has no room left")
    default: return nil
    }
  }

  /// An error of the HTTP library itself.
  private init(_ status: HTTPResponse.Status) {
    let code = status == .notFound ? "not-found" : "invalid"
    let message = status == .notFound ? "there is nothing at this address" : "the request could not be taken"
    self.init(status, ErrorView(code: code, message: message, remedy: "see the API's description for what there is"))
  }

  private static func unavailable(
    _ message: String, remedy: String = "try again in a moment; if it lasts, see whether the coordination store runs"
  ) -> ErrorAnswer {
    ErrorAnswer(.serviceUnavailable, ErrorView(code: "unavailable", message: message, remedy: remedy), soon)
  }

  private static func full(_ message: String) -> ErrorAnswer {
    let remedy = "whoever runs this server has to make room"
    return ErrorAnswer(insufficientStorage, ErrorView(code: "no-space", message: message, remedy: remedy))
  }

  private static let soon: HTTPFields = [.retryAfter: "2"]
  private static let insufficientStorage = HTTPResponse.Status(code: 507, reasonPhrase: "Insufficient Storage")
}
