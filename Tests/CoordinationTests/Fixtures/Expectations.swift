import Coordination
import Testing

/// Expects that `body` fails with the code, and answers with the error.
@discardableResult
func expect(
  _ code: CoordinationError.Code, at index: Int? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () async throws -> Void
) async -> CoordinationError? {
  let error = await #expect(throws: CoordinationError.self, sourceLocation: sourceLocation) { try await body() }
  #expect(error?.code == code, "\(String(describing: error))", sourceLocation: sourceLocation)
  if let index { #expect(error?.changeIndex == index, sourceLocation: sourceLocation) }
  return error
}

extension AsyncThrowingStream where Failure == any Error {
  /// The first element that satisfies the condition, of those that come.
  func first(where condition: (Element) -> Bool) async throws -> Element? {
    for try await element in self where condition(element) { return element }
    return nil
  }
}

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

extension Node {
  var text: String { String(decoding: data, as: UTF8.self) }
}
