import ArgumentParser
import Model

struct ArtifactGet: PrintsJSON {
  static let configuration = CommandConfiguration(
    commandName: "get", abstract: "Fetch an artifact of a build.",
    discussion: """
      The file appears under its name when it has arrived completely and its SHA-256
      is that of the build's list; it takes the place of a file that is there. A
      lost connection is made again.

      EXAMPLES
        distci artifact get library/12 dist/app.tgz                 as ./app.tgz
        distci artifact get library/12 dist/app.tgz --output /srv/  into a folder
      """)

  /// What was fetched, and where to.
  private struct Fetched: Encodable {
    var artifact: ArtifactView
    var file: String
  }

  @Argument(help: "The build, as JOB/NUMBER.", transform: { try BuildID(parsing: $0) })
  var build: BuildID
  @Argument(help: "The artifact's path, as 'distci artifact list' shows it.")
  var path: String
  @Option(
    name: .customLong("output"),
    help: ArgumentHelp(
      "The file to write, or a folder for it; by default the path's last part, here.", valueName: "file"))
  var file: String?
  @OptionGroup var server: ServerOptions
  @OptionGroup var output: OutputOptions

  func run() async throws {
    let console = Console.current
    let client = try server.client()
    let artifact = try await listed(client)
    let destination = try DownloadDestination(artifact: path, output: file)
    try await ArtifactDownload(client: client, build: build, artifact: artifact, console: console)
      .fetch(to: destination)
    if output.json {
      try await console.print(json: Fetched(artifact: artifact, file: destination.path))
    } else {
      let text = "\(destination.path): \(SizeText.text(artifact.size)), SHA-256 is right"
      try await console.print(TerminalText.line(text))
    }
  }

  private func listed(_ client: ServerClient) async throws -> ArtifactView {
    guard let artifact = try await client.artifacts(of: build).first(where: { $0.path == path }) else {
      throw CommandFailure(
        .refused, "the build \(build) has no artifact \(path.quoted)",
        remedy: "see what it has with 'distci artifact list \(build)'")
    }
    guard let expired = artifact.expired else { return artifact }
    throw CommandFailure(
      .refused, "artifact \(path.quoted) of \(build) expired at \(expired)",
      remedy: "build it again, with a longer \"keep\" of task \(artifact.task) if it is needed for longer")
  }
}
