import Foundation
import Model

/// An environment for people.
struct EnvironmentText {
  private let view: EnvironmentView
  private let timeZone: TimeZone
  private let colours: Bool

  init(_ view: EnvironmentView, console: Console) {
    self.view = view
    timeZone = console.timeZone
    colours = console.colouredOutput
  }

  var whole: String { facts + (view.history.map { "\n" + history($0) } ?? "") }

  private var facts: String {
    var lines = ["\(view.environment): " + (view.live.map { "\($0.id) is live" } ?? "nothing was deployed yet")]
    if let pause = view.paused {
      lines.append("paused by \(pause.by) since \(time(pause.since))" + (pause.reason.map { ": \($0)" } ?? ""))
    }
    if let holder = view.holder {
      lines.append("held by task \(holder.task) of \(holder.id) since \(time(holder.since))")
    }
    for task in view.waiting { lines.append("waiting: task \(task.task) of \(task.id) since \(time(task.since))") }
    for task in view.unapproved {
      lines.append(
        "to approve since \(time(task.since)): 'distci environment approve \(task.id)/\(task.task)'; "
          + "to reject: 'distci build cancel \(task.id)'")
    }
    return lines.map { TerminalText.line($0) + "\n" }.joined()
  }

  private func history(_ deploys: [DeployView]) -> String {
    var table = Table("ENDED", "VERDICT", "BUILD", "TASK", "COMMIT", "CAUSE", "APPROVED BY")
    for deploy in deploys {
      table.add(
        "\(time(deploy.since))", .init(deploy.verdict.rawValue, Style(deploy.verdict)), "\(deploy.id)",
        "\(deploy.task)",
        "\(deploy.commit.map { String($0.prefix(12)) } ?? "-")",
        .init(TerminalText.cut(cause(of: deploy), to: 60)), .init(TerminalText.cut(deploy.approvedBy ?? "-", to: 40)))
    }
    return table.text(colours: colours)
  }

  private func cause(of deploy: DeployView) -> String {
    let cause = deploy.cause
    if let pull = cause.pullRequest { return "\(cause.event) \(pull.text(of: cause))" }
    let parts = [cause.event, cause.build.map { "to \($0.id)" }, cause.by.map { "by \($0)" }, cause.ref]
    return (cause.environment == nil ? [cause.event, parts[2], cause.build.map { "\($0.id)" }, cause.ref] : parts)
      .compactMap(\.self).joined(separator: " ")
  }

  private func time(_ instant: InstantText) -> String { instant.time.local(in: timeZone) }
}
