import Model

/// A performer was given a task of another kind: a mistake in the program.
struct WrongKind: Error, CustomStringConvertible {
  let description: String

  init(_ task: TaskDefinition) {
    description = "task \(task.name) is of kind \(task.work.kind.rawValue), which is another performer's"
  }
}
