import Model

extension PullRequestView {
  /// What is to be merged, in words. Not harmless yet.
  func text(of cause: CauseView) -> String {
    let commit = cause.commit.map { " at \($0.prefix(12))" } ?? ""
    let origin = fork ? ", from a fork, \(approvedBy.map { "approved by \($0)" } ?? "approved by nobody")" : ""
    return "\(cause.repository ?? "")#\(number), \(branch)\(commit) into \(base)\(origin)"
  }
}
