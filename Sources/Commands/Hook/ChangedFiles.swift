import Foundation
import Model

/// Asks git which files a push has changed.
struct ChangedFiles: Sendable {
  private let repository: String

  /// Bytes of all their names, each with a NUL behind it: so many fit into one request.
  static let mostBytes = 16_000

  /// - Parameter repository: its folder.
  init(_ repository: String) {
    self.repository = repository
  }

  /// The update with the files that it changed, when they are known: not for a ref that is new or goes, nor for one that was
  /// forced, nor when there are too many.
  @Sendable func told(_ update: LocalPush.Update) -> LocalPush.Update {
    var update = update
    update.changed = paths(from: update.before, to: update.after)
    return update
  }

  private func paths(from before: String, to after: String) -> [String]? {
    guard isCommit(before), isCommit(after), isAncestor(before, of: after),
      let output = git(["diff-tree", "-r", "-z", "--name-only", "--no-renames", before, after])
    else { return nil }
    let names = output.split(separator: 0)
    let paths = names.compactMap { String(validating: $0, as: UTF8.self) }.filter { path in
      path.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        && path.utf8.count <= LocalPush.Update.longestPath
    }
    guard paths.count == names.count, paths.count <= LocalPush.Update.mostChanged else { return nil }
    return paths
  }

  private func isCommit(_ name: String) -> Bool {
    [40, 64].contains(name.utf8.count) && name.unicodeScalars.allSatisfy { $0.properties.isASCIIHexDigit }
      && name.contains { $0 != "0" }
  }

  private func isAncestor(_ before: String, of after: String) -> Bool {
    git(["merge-base", "--is-ancestor", before, after]) != nil
  }

  /// - Returns: what git writes; `nil` when it fails, or writes too much.
  private func git(_ arguments: [String]) -> Data? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", repository] + arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let pipe = Pipe()
    process.standardOutput = pipe
    guard (try? process.run()) != nil else { return nil }
    let output = Self.read(pipe.fileHandleForReading)
    if output == nil { process.terminate() }
    process.waitUntilExit()
    return process.terminationStatus == 0 ? output : nil
  }

  /// - Returns: `nil` when there is more than ``mostBytes``.
  private static func read(_ handle: FileHandle) -> Data? {
    var output = Data()
    while let part = try? handle.read(upToCount: mostBytes + 1 - output.count), !part.isEmpty {
      output += part
      guard output.count <= mostBytes else { return nil }
    }
    return output
  }
}
