import Foundation
import Model

/// Asks git about a repository of this machine.
struct LocalGit {
  private let path: String

  init(_ path: String) {
    self.path = path
  }

  /// - Returns: what it writes, which is one line.
  /// - Throws: ``CommandFailure`` when git does not know the repository.
  func line(_ arguments: String...) throws(CommandFailure) -> String {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", path] + arguments
    // Inside another hook, git would look where that one is.
    process.environment = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("GIT_") }
    let (output, errors) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw CommandFailure(.file, "git cannot be run: \(error.localizedDescription)", remedy: "install git")
    }
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    let words = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw CommandFailure(
        .usage, "\(path.quoted) is no git repository: \(words.bounded(to: 300))",
        remedy: "name the folder of one, bare or not")
    }
    return text.hasSuffix("\n") ? String(text.dropLast()) : text
  }
}
