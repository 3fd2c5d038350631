import Foundation
import Model

/// A build for people.
struct BuildText {
  private let view: BuildView
  private let timeZone: TimeZone
  private let colours: Bool

  init(_ view: BuildView, console: Console) {
    self.view = view
    timeZone = console.timeZone
    colours = console.colouredOutput
  }

  /// How it ended, how long it took, and what did not end well.
  var summary: String {
    let verdict = Style(view.verdict).applied(to: view.verdict?.rawValue ?? "running", colours: colours)
    let took = view.finished.map { " after \(DurationText.text($0.time.since(view.requested.time)))" } ?? ""
    let troubles = view.tasks.filter { $0.status == .ended && $0.verdict != .succeeded && $0.verdict != .skipped }
    let lines = troubles.map { task in
      TerminalText.line(
        "  \(task.name): \(task.verdict?.rawValue ?? "")\(reason(of: task).map { ", \($0)" } ?? "")"
          + " (see 'distci log \(view.job)/\(view.build)/\(task.name)')")
    }
    return (["\(view.job)/\(view.build): \(verdict)\(took)"] + lines).joined(separator: "\n")
  }

  /// Everything.
  var whole: String { facts + "\n" + tasks + notes }

  private var facts: String {
    var lines = [summaryLine, "requested  \(time(view.requested)), by \(cause)"]
    if let started = view.started { lines.append("started    \(time(started))") }
    if let finished = view.finished { lines.append("finished   \(time(finished))") }
    if let by = view.cancelledBy { lines.append("cancelled  by \(by)") }
    for (name, value) in view.parameters.sorted(by: { $0.key < $1.key }) { lines.append("parameter  \(name)=\(value)") }
    lines += view.tasks.compactMap { deploy(of: $0) }
    for build in view.startedBuilds { lines.append("started    the build \(build.id)") }
    return ([lines[0]] + lines.dropFirst().map(TerminalText.line)).joined(separator: "\n") + "\n"
  }

  private var summaryLine: String {
    let verdict = Style(view.verdict).applied(to: view.verdict?.rawValue ?? "running", colours: colours)
    return "\(view.job)/\(view.build): \(verdict)"
  }

  private var tasks: String {
    var table = Table("TASK", "TYPE", "STATUS", "ATTEMPT", "TOOK", "WORKER", "REASON")
    for task in view.tasks {
      let attempt = task.attempts.last
      table.add(
        "\(task.name)", "\(task.type)", .status(of: task), "\(attempt.map { String($0.number) } ?? "-")",
        "\(took(attempt))", "\(attempt?.worker ?? "-")", .init(TerminalText.cut(reason(of: task) ?? "", to: 100)))
    }
    return table.text(colours: colours)
  }

  private var notes: String {
    view.notes.isEmpty ? "" : "\n" + view.notes.map { "note: \(TerminalText.line($0))\n" }.joined()
  }

  private var cause: String {
    if let environment = view.cause.environment {
      return "\(view.cause.event) of \(environment) to \(view.cause.build.map { "\($0.id)" } ?? "-") by "
        + (view.cause.by ?? "-")
    }
    if view.cause.event == "retry", let of = view.cause.build {
      return "retry of \(of.id) by \(view.cause.by ?? "-")"
    }
    if let pull = view.cause.pullRequest { return "\(view.cause.event) \(pull.text(of: view.cause))" }
    // Else it is the build that read the job's file.
    let follows = view.cause.event == "continuation"
    let parts = [
      view.cause.by.map { "of \($0)" }, view.cause.build.map { "\(follows ? "after" : "read by") the build \($0.id)" },
      view.cause.together.map { "with " + $0.map { "\($0.id)" }.joined(separator: " and ") }, view.cause.repository,
      view.cause.ref,
      view.cause.commit.map { String($0.prefix(12)) }, view.cause.scheduled.map { "for \(time($0))" },
    ]
    return ([view.cause.event] + parts.compactMap(\.self)).joined(separator: " ")
  }

  private func deploy(of task: TaskView) -> String? {
    guard let deploy = task.deploy else { return nil }
    if let by = deploy.approvedBy {
      return "approved   \(task.name), for \(deploy.environment), by \(by)"
        + (deploy.approved.map { " \(time($0))" } ?? "")
    }
    return task.isUnapproved
      ? "approval   \(task.name) waits for it: 'distci environment approve \(view.job)/\(view.build)/\(task.name)'"
      : nil
  }

  private func reason(of task: TaskView) -> String? { task.reason ?? task.attempts.last?.message }

  private func took(_ attempt: AttemptView?) -> String {
    guard let started = attempt?.started else { return "-" }
    return DurationText.text((attempt?.finished?.time ?? .now).since(started.time))
  }

  private func time(_ instant: InstantText) -> String { instant.time.local(in: timeZone) }
}
