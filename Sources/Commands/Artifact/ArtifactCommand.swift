import ArgumentParser

struct ArtifactCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "artifact", abstract: "List and fetch what builds published.",
    subcommands: [ArtifactList.self, ArtifactGet.self])
}
