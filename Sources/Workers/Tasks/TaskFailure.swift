import Model

/// The task cannot be done as it was asked: nothing that another attempt would change.
struct TaskFailure: Error, Hashable {
  /// What is wrong and how to mend it, in a sentence.
  let message: String

  init(_ message: String) {
    self.message = message
  }
}

extension Performance {
  /// What `body` makes of the task; `failed` when it throws a ``TaskFailure``.
  static func of(_ body: () async throws -> Performance) async throws -> Performance {
    do {
      return try await body()
    } catch let failure as TaskFailure {
      return Performance(.failed, message: failure.message)
    }
  }
}
