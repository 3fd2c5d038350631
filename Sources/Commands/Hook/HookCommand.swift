import ArgumentParser

struct HookCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "hook", abstract: "Build what is pushed to a repository of this machine.",
    subcommands: [HookInstall.self, HookRemove.self, HookReceive.self])
}
