import Crypto
import Model

/// Fetches one artifact and proves that it is what the build's list says.
struct ArtifactDownload {
  let client: ServerClient
  let build: BuildID
  let artifact: ArtifactView
  let console: Console

  /// - Throws: ``CommandFailure``, with `damaged` when the content is another one; nothing is left behind then.
  func fetch(to destination: DownloadDestination) async throws {
    let file = try await DownloadedFile(at: destination.path)
    do {
      let digest = try await receive(file)
      guard digest == artifact.sha256.lowercased() else {
        throw CommandFailure(
          .damaged, "the content of \(artifact.path.quoted) is not what the build published: its SHA-256 is \(digest)",
          remedy: "try again; if it stays so, tell whoever runs the server")
      }
      try await file.publish(mode: artifact.mode)
    } catch {
      await file.discard()
      throw error
    }
  }

  /// - Returns: the SHA-256 of what arrived, in hexadecimal.
  private func receive(_ file: DownloadedFile) async throws -> String {
    let live = LiveLine(console: console)
    var digest = SHA256()
    var received = 0
    var shown = ContinuousClock.now
    _ = try await client.readBytes(size: artifact.size) { offset in
      client.artifact(artifact.path, of: build, from: offset)
    } notice: { failure in
      try await console.note(TerminalText.line("\(failure.message); trying again"))
    } _: { piece in
      received += piece.count
      guard received <= artifact.size else { throw tooLong }
      digest.update(data: piece)
      try await file.write(piece)
      guard ContinuousClock.now - shown > .milliseconds(200) else { return }
      shown = .now
      try await live.show(progress(received))
    }
    try await live.clear()
    return digest.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private func progress(_ received: Int) -> String {
    let percent = artifact.size > 0 ? received * 100 / artifact.size : 100
    return "\(artifact.path)  \(SizeText.text(received)) of \(SizeText.text(artifact.size))  \(percent) %"
  }

  private var tooLong: CommandFailure {
    CommandFailure(
      .damaged, "more arrives for \(artifact.path.quoted) than the build published",
      remedy: "try again; if it stays so, tell whoever runs the server")
  }
}
