extension CoordinationSession {
  /// The names in all buckets of a list, as paths.
  package func entries(inBucketsOf list: NodePath) async throws -> [NodePath] {
    var entries: [NodePath] = []
    for bucket in try await children(of: list) ?? [] {
      entries += (try await children(of: list / bucket) ?? []).map { list / bucket / $0 }
    }
    return entries
  }

  /// Deletes a node that is no longer of use, unless somebody was quicker or uses it again.
  ///
  /// - Returns: whether it is gone, as far as can be told.
  @discardableResult
  package func remove(_ path: NodePath) async throws -> Bool {
    do {
      try await delete(path)
      return true
    } catch let error as CoordinationError where error.isOvertaken || error.code == .outcomeUnknown {
      return error.code == .noNode
    }
  }
}
