/// What makes a task of a plan a part of a split.
package struct SplitPart: Hashable, Sendable {
  /// What all parts of the split have in common: the task's name, with the values of its matrix.
  package var task: TaskName
  /// With its references resolved.
  package var split: Split
  /// Counted from 0.
  package var index: Int

  package init(task: TaskName, split: Split, index: Int) {
    self.task = task
    self.split = split
    self.index = index
  }
}

extension Plan {
  /// A task's name; for a part of a split, the one that it shares with the other parts. By it, what a task does is the same
  /// from build to build.
  package func lastingName(of task: Int) -> TaskName { parts[task]?.task ?? tasks[task].name }
}
