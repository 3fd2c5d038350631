extension BuildState {
  /// The one attempt whose end is all that can move the build on, as long as nobody interferes.
  ///
  /// - Parameter most: of builds with more tasks it is not found out.
  package func onlyPosted(ofAtMost most: Int) -> (task: Int, attempt: Int)? {
    guard tasks.count <= most, cancelled == nil, backlog == nil, gated?.isEmpty != false else { return nil }
    var found: (task: Int, attempt: Int)?
    for index in tasks.indices {
      switch tasks[index].phase {
      case .waiting, .ended: continue
      case .ready, .resting: return nil
      case .posted:
        guard found == nil else { return nil }
        found = (index, tasks[index].currentAttempt)
      }
    }
    return found
  }
}
