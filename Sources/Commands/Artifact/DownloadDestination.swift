import Model

/// The file that an artifact is written to. Only what the user typed decides on it, never a name from the server.
package struct DownloadDestination: Hashable, Sendable {
  package let path: String

  /// - Parameters:
  ///   - artifact: the artifact's path.
  ///   - output: a file, or a folder that exists.
  /// - Throws: ``CommandFailure`` with `usage` when the artifact's path gives no name for a file.
  package init(artifact: String, output: String?) throws(CommandFailure) {
    let name: String
    do throws(ValidationError) {
      let components = try RelativePath.normalized(artifact).utf8.split(separator: UInt8(ascii: "/"))
      name = components.last.map { String(Substring($0)) } ?? ""
    } catch {
      throw CommandFailure(.usage, error.message, remedy: error.remedy)
    }
    guard !name.isEmpty else {
      throw CommandFailure(.usage, "\(artifact.quoted) names no file", remedy: "give an artifact's path")
    }
    guard let output else {
      path = name
      return
    }
    path = LocalPath.isFolder(output) ? LocalPath.join(output, name) : output
  }
}
