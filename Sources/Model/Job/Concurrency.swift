/// How many builds may run at a time in a group, to which builds of other jobs may belong as well.
package struct Concurrency: Hashable, Sendable, Codable {
  package enum WhenBusy: String, Hashable, Sendable, Codable, CaseIterable {
    /// The build waits for its turn.
    case queue
    /// The same, and the builds before it are cancelled, but for tasks that are marked as deploying.
    case cancelOlder = "cancel-older"
    /// The build ends at once, without running anything.
    case skip
  }

  /// The group's name. May hold `${…}` references.
  package var group: String
  package var limit: Int
  package var whenBusy: WhenBusy

  package init(group: String = defaultGroup, limit: Int = 1, whenBusy: WhenBusy = .queue) {
    self.group = group
    self.limit = limit
    self.whenBusy = whenBusy
  }

  /// The builds of one job.
  package static let defaultGroup = "${job}"
}

extension Concurrency {
  /// The same with all references resolved.
  ///
  /// - Throws: ``ValidationError``.
  package func resolved(with values: [String: String]) throws(ValidationError) -> Concurrency {
    var resolved = self
    do throws(ValidationError) {
      resolved.group = try DeclaredField.group.check(try Template(group).resolved(with: values))
    } catch {
      throw ValidationError("concurrency: group: \(error.message)", remedy: error.remedy)
    }
    return resolved
  }
}
