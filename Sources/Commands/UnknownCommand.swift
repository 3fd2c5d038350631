import ArgumentParser
import Model

/// Finds the word of a command line that names no command, and what was probably meant.
enum UnknownCommand {
  /// - Parameter arguments: a command line that made no sense, without the program's name.
  /// - Returns: `nil` when every command that it names is one.
  static func failure(in arguments: [String]) -> CommandFailure? {
    var path = ["distci"]
    var command: any ParsableCommand.Type = DistCI.self
    for word in arguments {
      let known = command.configuration.subcommands
      // An option may have a value, which is not to be taken for a command.
      guard !known.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      if let next = known.first(where: { $0.configuration.commandName == word }) {
        path.append(word)
        command = next
        continue
      }
      return failure(word, after: path, names(below: command))
    }
    return nil
  }

  private static func names(below command: any ParsableCommand.Type) -> [String] {
    command.configuration.subcommands.compactMap { $0.configuration.commandName }
  }

  /// Where another word than a command may stand too, only a slip is reported.
  private static func failure(_ word: String, after path: [String], _ names: [String]) -> CommandFailure? {
    let before = path.joined(separator: " ")
    let isWorker = path.last == WorkerCommand.configuration.commandName
    if isWorker, TaskKind(rawValue: word) != nil { return nil }
    let nearest = Suggestion.nearest(to: word, among: names + (isWorker ? TaskKind.allCases.map(\.rawValue) : []))
    guard nearest != nil || !isWorker else { return nil }
    return CommandFailure(
      .usage, "there is no command '\(before) \(word.bounded(to: 60))'",
      remedy: nearest.map { "did you mean '\(before) \($0)'?" }
        ?? "there are \(names.joined(separator: ", ")); see '\(before) --help'")
  }
}
