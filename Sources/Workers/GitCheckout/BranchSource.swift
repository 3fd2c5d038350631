package import Model

/// Sees where the branches of repositories are.
package protocol BranchSource: Sendable {
  /// The commit of each branch, by its name, of those at least that the trigger names.
  ///
  /// - Throws: ``BranchesUnseen``; `CancellationError`.
  func branches(for trigger: PollTrigger) async throws -> [String: String]
}

/// The branches of a repository could not be seen.
package struct BranchesUnseen: Error, Hashable {
  /// Why, and how to mend it, in a sentence.
  package let reason: String

  package init(_ reason: String) {
    self.reason = reason
  }
}
