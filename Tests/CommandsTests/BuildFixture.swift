import Model

/// A build as a server would show it.
enum BuildFixture {
  static func view(
    verdict: Verdict? = nil, tasks: [(String, TaskView.Status, Verdict?)]
  ) throws -> BuildView {
    let requested = InstantText(Timestamp(milliseconds: 1_700_000_000_000))
    return BuildView(
      job: try JobName("library"), build: 12, verdict: verdict, revision: "0123456789abcdef", parameters: [:],
      cause: CauseView(.request), requested: requested, started: requested,
      finished: verdict.map { _ in InstantText(Timestamp(milliseconds: 1_700_000_009_000)) }, cancelledBy: nil,
      tasks: try tasks.map { name, status, verdict in
        TaskView(
          name: try TaskName(name), type: "execute-shell", needs: [], labels: [], status: status, verdict: verdict,
          reason: nil, attempts: [])
      }, startedBuilds: [], notes: [])
  }
}
