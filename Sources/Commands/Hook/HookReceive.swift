import ArgumentParser
import Foundation
import Model

/// What the hook runs.
struct HookReceive: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "receive", abstract: "Tell a server what was pushed, as git tells a post-receive hook.",
    shouldDisplay: false)

  @Option var repository: [String]
  @OptionGroup var server: ServerOptions

  /// More than anybody pushes at a time. Bytes.
  private static let mostInput = 16 << 20
  /// Of the names in one request, so that its body, however they are escaped, is one that the server takes.
  private static let mostNames = 8_000
  /// Refs of which it is found out which files were changed: that takes git a moment for each.
  private static let mostLookedAt = 20
  /// Whoever pushes waits for it.
  private static let patience = Backoff(first: .milliseconds(200), most: .seconds(1), bound: .seconds(10))

  func run() async throws {
    let console = Console.current
    let input = try FileHandle.standardInput.read(upToCount: Self.mostInput) ?? Data()
    let client = ServerClient(try server.address(), backoff: Self.patience)
    let changed = ChangedFiles(".")
    let told = Self.updates(in: input).enumerated().map { $0 < Self.mostLookedAt ? changed.told($1) : $1 }
    for updates in Self.batches(of: told) {
      do {
        for push in try await client.tell(LocalPush(repositories: repository, updates: updates)) {
          for line in lines(push, client.server) { try await console.note("distci: " + TerminalText.line(line)) }
        }
      } catch let failure as CommandFailure {
        let refs = updates.map(\.ref).joined(separator: ", ").bounded(to: 200)
        try await console.note(
          TerminalText.line("distci: the push is done, but nothing is built for \(refs): \(failure.message)"))
        try await console.note(
          TerminalText.line("distci: start builds with 'distci build start', or push again; \(failure.remedy)"))
        throw ExitStatus(failure)
      }
    }
  }

  private func lines(_ push: PushView, _ server: ServerAddress) -> [String] {
    let refused = push.refused.map { "\(push.ref): \($0.job) is not built: \($0.message); \($0.remedy)" }
    if push.started.isEmpty { return refused.isEmpty ? ["\(push.ref): \(push.reason ?? "nothing to build")"] : refused }
    let again = push.repeat ? " (before)" : ""
    return push.started.map { "\(push.ref): started \($0.id)\(again): \(server)/jobs/\($0.job)/builds/\($0.build)" }
      + refused
  }

  /// Lines of the old object, the new one and the ref's name, between which there is one space. A name that is not UTF-8 is
  /// none that a job could name.
  static func updates(in input: Data) -> [LocalPush.Update] {
    input.split(separator: UInt8(ascii: "\n")).compactMap { line in
      let fields = line.split(separator: UInt8(ascii: " "), maxSplits: 2).map { String(validating: $0, as: UTF8.self) }
      guard fields.count == 3, let before = fields[0], let after = fields[1], let ref = fields[2] else { return nil }
      return LocalPush.Update(ref: ref, before: before, after: after)
    }
  }

  static func batches(of updates: [LocalPush.Update]) -> [[LocalPush.Update]] {
    var batches: [[LocalPush.Update]] = []
    var room = 0
    for update in updates {
      // An escape may make six bytes of one in a ref's name, and two of one in a path.
      let size = update.ref.utf8.count + 64 + (update.changed ?? []).reduce(0) { $0 + ($1.utf8.count + 3) / 2 }
      if size > room || batches.isEmpty {
        batches.append([])
        room = Self.mostNames
      }
      room -= size
      batches[batches.count - 1].append(update)
    }
    return batches
  }
}
