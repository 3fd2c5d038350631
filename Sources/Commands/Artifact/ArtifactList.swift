import ArgumentParser
import Foundation
import Model

struct ArtifactList: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the artifacts of a build.",
    discussion: """
      EXAMPLES
        distci artifact list library/12
        distci artifact list library/12 --json | jq -r '.[].path'
      """)

  @Argument(help: "The build, as JOB/NUMBER.", transform: { try BuildID(parsing: $0) })
  var build: BuildID
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let artifacts = try await server.client().artifacts(of: build)
    guard !output.json else { return try await console.print(json: artifacts) }
    var table = Table("PATH", "SIZE", "MODE", "TASK", "KEPT", "SHA-256")
    for artifact in artifacts {
      table.add(
        "\(artifact.path)", "\(SizeText.text(artifact.size))", "\(artifact.mode)", "\(artifact.task)",
        "\(kept(artifact, console.timeZone))", .init(artifact.sha256, .quiet))
    }
    try await console.print(table.text(colours: console.colouredOutput))
  }

  private func kept(_ artifact: ArtifactView, _ timeZone: TimeZone) -> String {
    if let expired = artifact.expired { return "expired \(expired.time.local(in: timeZone))" }
    return artifact.expires.map { "until \($0.time.local(in: timeZone))" } ?? "for ever"
  }
}
