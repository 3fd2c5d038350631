/// How an attempt, a task or a build ended.
package enum Verdict: String, Hashable, Sendable, Codable, CaseIterable {
  case succeeded
  /// The user's command, or what the task asked for, said so.
  case failed
  /// Our infrastructure did: lost worker, store, disk. Attempts that end so are made again by themselves.
  case errored
  case cancelled
  case timedOut = "timed-out"
  /// Did not run, because something that it needs did not end well.
  case skipped
}

extension Verdict {
  /// The verdict over several: the gravest of them, with `errored` gravest of all, so that a broken machine never passes
  /// for a broken build. `skipped` follows from a verdict that is already counted.
  package static func overall(_ verdicts: some Sequence<Verdict>) -> Verdict {
    let present = Set(verdicts)
    return [.cancelled, .errored, .failed, .timedOut].first(where: present.contains) ?? .succeeded
  }
}
