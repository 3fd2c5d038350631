/// A push as a repository's own hook tells of it.
package struct LocalPush: Hashable, Sendable, Codable {
  /// One ref that was moved. Its name is hostile text.
  package struct Update: Hashable, Sendable, Codable {
    /// The full name.
    package var ref: String
    /// The object where it was, in hexadecimal; zeros when it is new.
    package var before: String
    /// Where it is; zeros when it was deleted.
    package var after: String
    /// The files that differ between the two; `nil` where that is not known. Hostile text.
    package var changed: [String]?

    /// Of ``changed``: how many at most, and the bytes of one.
    package static let mostChanged = 500
    package static let longestPath = 4_096

    package init(ref: String, before: String, after: String, changed: [String]? = nil) {
      self.changed = changed
      self.ref = ref
      self.before = before
      self.after = after
    }
  }

  /// The paths and addresses by which jobs may know the repository; the first is what it is called.
  package var repositories: [String]
  package var updates: [Update]

  package init(repositories: [String], updates: [Update]) {
    self.repositories = repositories
    self.updates = updates
  }
}

/// What a push of one ref came to.
package struct PushView: Hashable, Sendable, Codable {
  /// A job that waits for the push and cannot be built.
  package struct Refusal: Hashable, Sendable, Codable {
    package var job: JobName
    package var message: String
    package var remedy: String

    package init(job: JobName, message: String, remedy: String) {
      self.job = job
      self.message = message
      self.remedy = remedy
    }
  }

  package var ref: String
  package var started: [BuildReference]
  /// Whether they had been started before.
  package var `repeat`: Bool
  /// Why nothing, or nothing new, was started.
  package var reason: String?
  package var refused: [Refusal]

  package init(
    ref: String, started: [BuildReference], repeat: Bool = false, reason: String? = nil, refused: [Refusal] = []
  ) {
    self.ref = ref
    self.started = started
    self.repeat = `repeat`
    self.reason = reason
    self.refused = refused
  }
}
