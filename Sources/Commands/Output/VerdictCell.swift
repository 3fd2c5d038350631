import Model

extension Table.Cell {
  /// How a build ended, or that it is under way.
  static func verdict(_ verdict: Verdict?) -> Table.Cell {
    Table.Cell(verdict?.rawValue ?? "running", Style(verdict))
  }

  /// How far a task is.
  static func status(of task: TaskView) -> Table.Cell {
    switch task.status {
    case .waiting, .resting, .queued: Table.Cell(task.status.rawValue, .quiet)
    case .running: Table.Cell(task.status.rawValue, .busy)
    case .ended: verdict(task.verdict)
    }
  }
}
