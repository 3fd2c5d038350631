import ArgumentParser
import Foundation

/// Who pauses something, and why.
struct PauseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Why, for those who wonder.", valueName: "text"))
  var reason: String?
  @OptionGroup var who: UserOptions

  var user: String { who.user }
}

/// Who wants something.
struct UserOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Who wants it; without it, the login name.", valueName: "name"))
  var by: String?

  var user: String { by ?? ProcessInfo.processInfo.userName }
}
