import Foundation
import Glibc
import Model

/// Where the post-receive hook of a repository is.
struct HookPlace {
  static let name = "post-receive"
  static let earlierName = "post-receive.before-distci"

  /// What jobs call the repository: its folder, and of one with a work tree that.
  let repository: String
  private let folder: String

  var hook: String { LocalPath.join(folder, Self.name) }
  /// A hook that was there before ours.
  var earlier: String { LocalPath.join(folder, Self.earlierName) }

  /// - Throws: ``CommandFailure`` when there is no repository, or its hooks are not its own.
  init(_ path: String) throws {
    let git = LocalGit(path)
    let repository = try git.line("rev-parse", "--path-format=absolute", "--git-common-dir")
    folder = try git.line("rev-parse", "--path-format=absolute", "--git-path", "hooks")
    let isBare = try git.line("rev-parse", "--is-bare-repository") == "true"
    self.repository = isBare ? repository : try git.line("rev-parse", "--path-format=absolute", "--show-toplevel")
    guard folder.hasPrefix(repository + "/") else {
      throw CommandFailure(
        .usage, "\(path.quoted) shares its hooks with others: they are in \(folder)",
        remedy: "unset core.hooksPath in the repository")
    }
  }

  /// Writes the hook. Where there is one of somebody else's, it is kept beside it.
  ///
  /// - Returns: whether there is one to run first.
  func install(_ script: String) throws -> Bool {
    do {
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      if isThere(hook), try !isOurs() {
        guard !isThere(earlier) else {
          throw CommandFailure(
            .file, "both \(hook) and \(earlier) are there, and neither is ours", remedy: "remove or rename one of them")
        }
        try FileManager.default.moveItem(atPath: hook, toPath: earlier)
      }
      // Whoever pushes meanwhile finds a whole hook.
      let new = "\(hook).new"
      try Data(script.utf8).write(to: URL(fileURLWithPath: new))
      try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: new)
      guard unsafe rename(new, hook) == 0 else { throw CocoaError(.fileWriteUnknown) }
      return isThere(earlier)
    } catch let error as CocoaError {
      throw failure("written", error)
    }
  }

  /// Takes the hook away, and puts the earlier one back.
  ///
  /// - Returns: whether there was one.
  func remove() throws -> Bool {
    do {
      guard isThere(hook), try isOurs() else {
        throw CommandFailure(
          .usage, "\(repository) has no hook of DistCI", remedy: "there is nothing to remove: see \(hook)")
      }
      try FileManager.default.removeItem(atPath: hook)
      guard isThere(earlier) else { return false }
      try FileManager.default.moveItem(atPath: earlier, toPath: hook)
      return true
    } catch let error as CocoaError {
      throw failure("removed", error)
    }
  }

  private func isThere(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

  private func isOurs() throws -> Bool {
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: hook)), as: UTF8.self)
    return text.contains("\n\(HookScript.mark)\n")
  }

  private func failure(_ what: String, _ error: CocoaError) -> CommandFailure {
    CommandFailure(
      .file, "\(hook) cannot be \(what): \(error.localizedDescription)", remedy: "see who may write to \(folder)")
  }
}
